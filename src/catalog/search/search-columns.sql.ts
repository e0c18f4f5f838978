/** What the products $1 (uuid[]) are found by: a subquery for WITH. */
export const SEARCH_FIELDS = `
  SELECT p.id, field.* FROM products p CROSS JOIN LATERAL product_search_fields(p.id) field WHERE p.id = ANY ($1)`;

/**
 * Adds the words of `fields` to those that misspelt ones are compared with. A word that is there is left alone, unless it
 * now stands in a better place; so the writers of a catalog that knows its words write nothing here.
 */
export const SEARCH_WORDS = `
  INSERT INTO search_words (word, lexeme, weight, deletions)
  SELECT word, (ts_lexize('product_stem', word))[1], weight,
    CASE WHEN length(word) BETWEEN 3 AND 12 THEN
      ARRAY(SELECT DISTINCT left(word, place - 1) || substr(word, place + 1) FROM generate_series(1, length(word)) AS place)
    ELSE '{}' END
  FROM (
    SELECT word, min(weight) AS weight
    FROM fields, LATERAL (VALUES ('A', a), ('B', b), ('C', c), ('D', d)) AS part (weight, words),
      string_to_table(words, ' ') AS word
    WHERE length(word) <= 40 AND word ~ '[^0-9]'
    GROUP BY word
  ) AS found
  WHERE NOT EXISTS (
    SELECT 1 FROM search_words known WHERE known.word = found.word COLLATE "C" AND known.weight <= found.weight COLLATE "C")`;

/** Columns of `product_documents`, and what `fields` has for them. */
export const SEARCH_COLUMNS = 'search, skus, facet_values';

/** Titles weigh most, then brand, categories and SKUs, then attributes and variants, then the description. */
export const SEARCH_VALUES = `
    setweight(to_tsvector('product_search', fields.a), 'A') ||
    setweight(to_tsvector('product_search', concat_ws(' ', fields.b, fields.sku_words)), 'B') ||
    setweight(to_tsvector('product_search', fields.c), 'C') || setweight(to_tsvector('product_search', fields.d), 'D') AS search,
    fields.skus, fields.facet_values`;

export const SEARCH_CHANGES =
  'search = excluded.search, skus = excluded.skus, facet_values = excluded.facet_values';
