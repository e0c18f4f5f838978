import type { EntityManager, MigrationInterface, QueryRunner } from 'typeorm';
import { ADVISORY_LOCKS } from '../advisory-locks.js';

const BATCH = 200;

/**
 * A description that is HTML is found by its text, not by its markup. Writes anew what the products with such descriptions
 * are found by; the descriptions stay as they are.
 *
 * Reading HTML takes milliseconds a product, so it goes by batches, each in a transaction of its own: writers wait for the
 * products of one batch at most. One that was interrupted begins anew, and writes what is left.
 */
export class SearchTextOfMarkup1700000000025 implements MigrationInterface {
  name = 'SearchTextOfMarkup1700000000025';
  transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await replaceFunctions(queryRunner, [TEXT_OF_MARKUP, searchFieldsWith('text_of_markup(p.description)')]);
    await renewSearch(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await replaceFunctions(queryRunner, [searchFieldsWith('p.description')]);
    await renewSearch(queryRunner);
    await queryRunner.query('DROP FUNCTION text_of_markup(text)');
  }
}

// Every writer of products shares this lock: none is at it by the old functions still, and all use the new ones afterwards.
async function replaceFunctions(queryRunner: QueryRunner, statements: readonly string[]): Promise<void> {
  await queryRunner.manager.transaction(async (manager) => {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.categoryTree]);
    for (const statement of statements) {
      await manager.query(statement);
    }
  });
}

async function renewSearch(queryRunner: QueryRunner): Promise<void> {
  let after: string | undefined = FIRST_ID;
  while (after !== undefined) {
    const last: string = after;
    after = await queryRunner.manager.transaction((manager) => renewBatch(manager, last));
  }
}

/** Renews the next products with markup, and answers with the last of them; `undefined` where none is left. */
async function renewBatch(manager: EntityManager, after: string): Promise<string | undefined> {
  await manager.query('SELECT pg_advisory_xact_lock_shared($1)', [ADVISORY_LOCKS.categoryTree]);
  const rows = await manager.query<{ id: string }[]>(LOCK_NEXT, [after]);
  const ids = rows.map(({ id }) => id);
  await manager.query(RENEW, [ids]);
  return ids.at(-1);
}

// What stands between the tags of script and style is code. What is not closed goes on to the end, as in a browser; with a
// second way to read it, a text of many such beginnings would take time that grows with its square. Of several ways that
// begin at one place, PostgreSQL takes the longest: all of a script, not its first tag. What has no name of an element in
// it is no tag: an address, `<info@shop.example>` or `<https://shop.example>`.
const NAME_ENDS = String.raw`(?=[\s/>])`;
const MARKUP = [
  '<!--(?:-?>|(?!-?>)(?:[^-]|-(?!->))*(?:-->|$))',
  ...['script', 'style'].map(
    (name) => `<${name}${NAME_ENDS}(?:[^<]|<(?!/${name}${NAME_ENDS}))*(?:</${name}${NAME_ENDS}[^>]*>|$)`,
  ),
  `</?[a-z][a-z0-9]*(?:[:-]+[a-z0-9]+)*${NAME_ENDS}[^>]*>`,
  '<[!?][^>]*>',
].join('|');

// The named characters of HTML 4, by which editors and templates write what is not ASCII, and the apostrophe. Where a word
// may be hyphenated it does not end.
const NAMED: Readonly<Record<string, string>> = {
  ...inRow(
    160,
    `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para
     middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute
     Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute
     THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde
     ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`,
  ),
  ...inRow(913, 'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho'),
  ...inRow(931, 'Sigma Tau Upsilon Phi Chi Psi Omega'),
  ...inRow(945, 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho'),
  ...inRow(962, 'sigmaf sigma tau upsilon phi chi psi omega'),
  ...inRow(977, 'thetasym upsih'),
  quot: '"', amp: '&', lt: '<', gt: '>', apos: "'", OElig: 'Œ', oelig: 'œ', Scaron: 'Š', scaron: 'š', Yuml: 'Ÿ',
  fnof: 'ƒ', circ: 'ˆ', tilde: '˜', ensp: ' ', emsp: ' ', thinsp: ' ', zwnj: '\u200c', zwj: '\u200d', lrm: '\u200e',
  rlm: '\u200f', ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„',
  dagger: '†', Dagger: '‡', bull: '•', hellip: '…', permil: '‰', prime: '′', Prime: '″', lsaquo: '‹', rsaquo: '›',
  oline: '‾', frasl: '⁄', euro: '€', image: 'ℑ', weierp: '℘', real: 'ℜ', trade: '™', alefsym: 'ℵ', piv: 'ϖ',
  larr: '←', uarr: '↑', rarr: '→', darr: '↓', harr: '↔', crarr: '↵', lArr: '⇐', uArr: '⇑', rArr: '⇒', dArr: '⇓',
  hArr: '⇔', forall: '∀', part: '∂', exist: '∃', empty: '∅', nabla: '∇', isin: '∈', notin: '∉', ni: '∋', prod: '∏',
  sum: '∑', minus: '−', lowast: '∗', radic: '√', prop: '∝', infin: '∞', ang: '∠', and: '∧', or: '∨', cap: '∩',
  cup: '∪', int: '∫', there4: '∴', sim: '∼', cong: '≅', asymp: '≈', ne: '≠', equiv: '≡', le: '≤', ge: '≥',
  sub: '⊂', sup: '⊃', nsub: '⊄', sube: '⊆', supe: '⊇', oplus: '⊕', otimes: '⊗', perp: '⊥', sdot: '⋅', lceil: '⌈',
  rceil: '⌉', lfloor: '⌊', rfloor: '⌋', lang: '〈', rang: '〉', loz: '◊', spades: '♠', clubs: '♣', hearts: '♥',
  diams: '♦', shy: '',
}; // prettier-ignore

/** Names of characters that follow each other from a code point on. */
function inRow(first: number, names: string): Record<string, string> {
  return Object.fromEntries(
    names.split(/\s+/).map((name, index) => [name, String.fromCodePoint(first + index)]),
  );
}

// Each step is one pass, and a text without `<` and `&` is only looked through for them. What is no tag stays (`a < b`), and
// so does what names no character (`R&D;`). NUL and halves of surrogate pairs are no text.
const TEXT_OF_MARKUP = `
  CREATE OR REPLACE FUNCTION text_of_markup(source text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
    BEGIN
      IF strpos(source, '<') > 0 THEN
        source := regexp_replace(source, '${MARKUP}', ' ', 'gi');
      END IF;
      IF strpos(source, '&') > 0 THEN
        source := (
          WITH named AS MATERIALIZED (
            SELECT place, piece, CASE WHEN place > 1 THEN
              substring(left(piece, 10) FROM '^(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]+);') END AS name
            FROM string_to_table(source, '&') WITH ORDINALITY AS part (piece, place)
          ), coded AS MATERIALIZED (
            SELECT *, CASE WHEN name ILIKE '#x%' THEN ('x' || lpad(substr(name, 3), 8, '0'))::bit(32)::int
              WHEN name LIKE '#%' THEN substr(name, 2)::int END AS code
            FROM named
          ), read AS MATERIALIZED (
            SELECT *, CASE WHEN code IS NULL THEN $json$${JSON.stringify(NAMED)}$json$::jsonb ->> name
              WHEN code BETWEEN 1 AND 55295 OR code BETWEEN 57344 AND 1114111 THEN chr(code) END AS sign
            FROM coded
          )
          SELECT string_agg(CASE WHEN sign IS NOT NULL THEN sign || substr(piece, length(name) + 2)
            WHEN place = 1 THEN piece ELSE '&' || piece END, '' ORDER BY place)
          FROM read
        );
      END IF;
      RETURN source;
    END
  $$`;

// As `AddSearch` made it, but for the text of the description.
function searchFieldsWith(description: string): string {
  return `
  CREATE OR REPLACE FUNCTION product_search_fields(id uuid)
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
      left(words_of_document(${description}), 60000),
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
  $$`;
}

// Most descriptions have no markup, and their products stay as they are. Writers lock products before anything else, so
// what is locked here stays as it is until its search is written.
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LOCK_NEXT = `
  SELECT id FROM products p WHERE id > $1 AND text_of_markup(description) <> description
  ORDER BY id LIMIT ${BATCH} FOR UPDATE`;

// Words that no product has any more stay, as they do after any change: what is misspelt is not taken for them.
const RENEW = `
  WITH fields AS MATERIALIZED (
    SELECT d.product_id, d.search AS old_search, field.*,
      setweight(to_tsvector('product_search', field.a), 'A') ||
      setweight(to_tsvector('product_search', concat_ws(' ', field.b, field.sku_words)), 'B') ||
      setweight(to_tsvector('product_search', field.c), 'C') || setweight(to_tsvector('product_search', field.d), 'D') AS search
    FROM product_documents d CROSS JOIN LATERAL product_search_fields(d.product_id) field
    WHERE d.product_id = ANY ($1)
  ), changed AS MATERIALIZED (
    SELECT * FROM fields WHERE search <> old_search
  ), words AS (
    INSERT INTO search_words (word, lexeme, weight, deletions)
    SELECT word, (ts_lexize('product_stem', word))[1], weight,
      CASE WHEN length(word) BETWEEN 3 AND 12 THEN
        ARRAY(SELECT DISTINCT left(word, place - 1) || substr(word, place + 1) FROM generate_series(1, length(word)) AS place)
      ELSE '{}' END
    FROM (
      SELECT word, min(weight) AS weight
      FROM changed, LATERAL (VALUES ('A', a), ('B', b), ('C', c), ('D', d)) AS part (weight, words),
        string_to_table(words, ' ') AS word
      WHERE length(word) <= 40 AND word ~ '[^0-9]'
      GROUP BY word
    ) AS found
    WHERE NOT EXISTS (
      SELECT 1 FROM search_words known WHERE known.word = found.word COLLATE "C" AND known.weight <= found.weight COLLATE "C")
  )
  UPDATE product_documents d SET search = changed.search FROM changed WHERE d.product_id = changed.product_id`;
