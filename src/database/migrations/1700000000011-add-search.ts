import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Search and facets: what a product is found by stands in its document, and every word of the catalog in
 * `search_words`. Fills both for the products that are there.
 */
export class AddSearch1700000000011 implements MigrationInterface {
  name = 'AddSearch1700000000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...DICTIONARY, ...TEXTS, ...FIELDS, ...WORDS, ...DOCUMENTS]) {
      await queryRunner.query(statement);
    }
  }

  // The extensions stay: others may use them by now.
  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [
      'ALTER TABLE product_documents DROP COLUMN search, DROP COLUMN skus, DROP COLUMN facet_values',
      'DROP FUNCTION product_search_fields(uuid)',
      'DROP TABLE search_words',
      'DROP FUNCTION words_of_document(text), words_of(text), folded(text)',
      'DROP TEXT SEARCH CONFIGURATION product_search',
      'DROP TEXT SEARCH DICTIONARY product_stem',
    ]) {
      await queryRunner.query(statement);
    }
  }
}

// English stems, but no stop words: "The" and "Who" are names of brands too.
const DICTIONARY = [
  'CREATE EXTENSION IF NOT EXISTS unaccent',
  'CREATE EXTENSION IF NOT EXISTS pg_trgm',
  'CREATE TEXT SEARCH DICTIONARY product_stem (TEMPLATE = snowball, Language = english)',
  'CREATE TEXT SEARCH CONFIGURATION product_search (PARSER = "default")',
  `ALTER TEXT SEARCH CONFIGURATION product_search
   ADD MAPPING FOR asciiword, word, numword, int, uint, float, sfloat WITH product_stem`,
];

// PostgreSQL lowers what is not ASCII only where the locale knows it: these do it everywhere.
const UPPER = 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІЇҐЈЉЊЋЏЂΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ';
const LOWER = 'абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґјљњћџђαβγδεζηθικλμνξοπρστυφχψω';

// Signs above ASCII that are no part of a word: punctuation, arrows, boxes, pictures.
const SIGNS = String.raw`\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u3020\u3030\ufe00-\ufe0f\ufe30-\ufe4f\uff01-\uff0f\ufffc\ufffd\U0001f000-\U0001faff`;

// Scripts that write words without blanks: each character is a word, and a query looks for them in a row.
const UNSPACED = String.raw`\u3041-\u3096\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff`;

// Whatever the locale of the database, the parser of PostgreSQL gets what it cannot read in two ways: words of
// letters and digits, and blanks. A document also holds hyphenated words in one piece (`t shirt tshirt`).
const TEXTS = [
  `CREATE FUNCTION folded(source text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
    BEGIN
      IF octet_length(source) > length(source) THEN
        source := normalize(translate(source, '™®℠', '   '), NFKD);
        source := unaccent(normalize(regexp_replace(source, '[\\u0300-\\u036f]+', '', 'g'), NFC));
      END IF;
      source := lower(source COLLATE "C");
      RETURN CASE WHEN octet_length(source) = length(source) THEN source ELSE translate(source, '${UPPER}', '${LOWER}') END;
    END
  $$`,
  `CREATE FUNCTION words_of(source text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
    BEGIN
      source := folded(source);
      IF octet_length(source) = length(source) THEN
        RETURN btrim(regexp_replace(source, '[^a-z0-9]+', ' ', 'g'));
      END IF;
      source := regexp_replace(source, '[${UNSPACED}]', ' \\& ', 'g');
      RETURN btrim(regexp_replace(source, '(?:[^a-z0-9\\u0080-\\U0010ffff]|[${SIGNS}])+', ' ', 'g'));
    END
  $$`,
  `CREATE FUNCTION words_of_document(source text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
    DECLARE
      words text := words_of(source);
      piece text;
    BEGIN
      source := folded(source);
      IF source ~ '[a-z0-9][-''’./_+][a-z0-9]' THEN
        FOR piece IN
          SELECT DISTINCT regexp_replace(compound[1], '[^a-z0-9]', '', 'g')
          FROM regexp_matches(source, '[a-z0-9]+(?:[-''’./_+][a-z0-9]+)+', 'g') AS compound
        LOOP
          IF length(piece) <= 40 AND piece ~ '[a-z]' THEN
            words := words || ' ' || piece;
          END IF;
        END LOOP;
      END IF;
      RETURN words;
    END
  $$`,
];

// What a product is found by, as words: in `a` its title up to "for" or "with" (a case for a phone is no phone), in `b`
// the rest of it, brand and categories, in `c` attributes and variants, in
// `d` its description; the numbers of characters keep the search vector under the megabyte that it may have. A facet value
// is a letter for the facet, a name and a value with unit separators between them.
const FIELDS = [
  `CREATE FUNCTION product_search_fields(id uuid)
   RETURNS TABLE (a text, b text, sku_words text, c text, d text, skus text[], facet_values text[])
   LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH attribute AS MATERIALIZED (
      SELECT name, value, jsonb_typeof(content) AS type
      FROM products p, jsonb_each(p.attributes) AS attribute (name, content),
        jsonb_array_elements_text(
          CASE jsonb_typeof(content) WHEN 'array' THEN content ELSE jsonb_build_array(content) END) AS value
      WHERE p.id = $1
    ), variant AS MATERIALIZED (
      SELECT words_of(v.sku) AS sku_words, v.title, v.options, v.price FROM variants v WHERE v.product_id = $1
    )
    SELECT words_of_document(regexp_replace(p.title, '^(.+?)\\s(?:for|with)\\s.*$', '\\1', 'i')),
      words_of_document(concat_ws(' ', substring(p.title FROM '(?i)^.+?\\s(?:for|with)\\s(.*)$'), p.brand, (
        SELECT string_agg(replace(c.path, '/', ' '), ' ' ORDER BY pc.position)
        FROM product_categories pc JOIN categories c ON c.id = pc.category_id WHERE pc.product_id = $1))),
      left((SELECT string_agg(concat_ws(' ', sku_words, replace(sku_words, ' ', '')), ' ' ORDER BY sku_words) FROM variant), 30000),
      left(words_of_document(left(concat_ws(' ',
        (SELECT string_agg(DISTINCT concat_ws(' ', regexp_replace(name, '([a-z])([A-Z])', '\\1 \\2', 'g'),
          CASE type WHEN 'boolean' THEN NULL ELSE value END), ' ')
         FROM attribute WHERE type <> 'boolean' OR value = 'true'),
        (SELECT string_agg(DISTINCT title, ' ') FROM variant),
        (SELECT string_agg(DISTINCT concat_ws(' ', option.key, option.value), ' ')
         FROM variant, jsonb_each_text(options) AS option)), 30000)), 60000),
      left(words_of_document(p.description), 60000),
      ARRAY(SELECT DISTINCT replace(sku_words, ' ', '') FROM variant WHERE sku_words <> '' ORDER BY 1),
      ARRAY(
        SELECT E'b\\x1f\\x1f' || p.brand WHERE p.brand IS NOT NULL
        UNION ALL SELECT DISTINCT E'c\\x1f\\x1f' || above.slug
        FROM product_categories pc JOIN categories c ON c.id = pc.category_id JOIN categories above ON above.id = ANY (c.lineage)
        WHERE pc.product_id = $1
        UNION ALL SELECT E'p\\x1f\\x1f' || width_bucket((SELECT min(price) FROM variant),
          ARRAY[500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000]::bigint[])
        WHERE EXISTS (SELECT 1 FROM variant)
        UNION ALL SELECT DISTINCT E'a\\x1f' || name || E'\\x1f' || value FROM attribute WHERE value IS NOT NULL
        ORDER BY 1)
    FROM products p WHERE p.id = $1
  $$`,
];

// Words that a misspelt one is compared with. `weight` is the best place a word was found in, `deletions` what is left of
// it without each of its letters. Words are only ever added, and two writers may add the same one: with a key, they
// would wait for each other.
const WORDS = [
  `CREATE TABLE search_words (
    word text COLLATE "C" NOT NULL,
    lexeme text COLLATE "C" NOT NULL,
    weight text COLLATE "C" NOT NULL CHECK (weight IN ('A', 'B', 'C', 'D')),
    deletions text[] NOT NULL
  )`,
  'CREATE INDEX search_words_word_idx ON search_words (word, weight)',
  'CREATE INDEX search_words_lexeme_idx ON search_words (lexeme)',
  'CREATE INDEX search_words_trigram_idx ON search_words USING gin (word gin_trgm_ops)',
  'CREATE INDEX search_words_deletions_idx ON search_words USING gin (deletions)',
];

// A short list of pending entries: each search reads it from end to end.
const DOCUMENTS = [
  `ALTER TABLE product_documents
    ADD COLUMN search tsvector NOT NULL DEFAULT '',
    ADD COLUMN skus text[] NOT NULL DEFAULT '{}',
    ADD COLUMN facet_values text[] NOT NULL DEFAULT '{}'`,
  `UPDATE product_documents d SET skus = field.skus, facet_values = field.facet_values, search =
    setweight(to_tsvector('product_search', field.a), 'A') ||
    setweight(to_tsvector('product_search', concat_ws(' ', field.b, field.sku_words)), 'B') ||
    setweight(to_tsvector('product_search', field.c), 'C') || setweight(to_tsvector('product_search', field.d), 'D')
   FROM products p CROSS JOIN LATERAL product_search_fields(p.id) field WHERE p.id = d.product_id`,
  `INSERT INTO search_words (word, lexeme, weight, deletions)
   SELECT word, (ts_lexize('product_stem', word))[1], weight,
    CASE WHEN length(word) BETWEEN 3 AND 12 THEN
      ARRAY(SELECT DISTINCT left(word, place - 1) || substr(word, place + 1) FROM generate_series(1, length(word)) AS place)
    ELSE '{}' END
   FROM (
    SELECT word, min(weight) AS weight
    FROM product_documents d CROSS JOIN LATERAL product_search_fields(d.product_id) field
      CROSS JOIN LATERAL (VALUES ('A', field.a), ('B', field.b), ('C', field.c), ('D', field.d)) AS part (weight, words)
      CROSS JOIN LATERAL string_to_table(words, ' ') AS word
    WHERE length(word) <= 40 AND word ~ '[^0-9]'
    GROUP BY word
   ) AS found`,
  'CREATE INDEX product_documents_search_idx ON product_documents USING gin (search) WITH (gin_pending_list_limit = 512)',
  'CREATE INDEX product_documents_skus_idx ON product_documents USING gin (skus) WITH (gin_pending_list_limit = 512)',
  'CREATE INDEX product_documents_facet_values_idx ON product_documents USING gin (facet_values) WITH (gin_pending_list_limit = 512)',
];
