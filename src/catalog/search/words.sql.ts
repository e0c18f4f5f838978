import { MAX_WORDS } from './search-phrase.js';

// Plurals that the stems of PostgreSQL do not lead back to the singular.
const IRREGULAR = Object.entries({
  man: 'men',
  woman: 'women',
  child: 'children',
  foot: 'feet',
  tooth: 'teeth',
  mouse: 'mice',
  goose: 'geese',
  person: 'people', // prettier-ignore
})
  .flatMap(([one, many]) => [`('${one}', '${many}')`, `('${many}', '${one}')`])
  .join(', ');

/**
 * The words of a text $1: each with its stem, whether it is among the words of the catalog, the stem of it and the next one
 * written together where the catalog knows that, and the stems of its plural or singular where they are others.
 */
export const LOOK_UP_WORDS = `
  WITH given AS (
    SELECT word, word || lead(word) OVER (ORDER BY position) AS joined, position
    FROM string_to_table(words_of($1::text), ' ') WITH ORDINALITY AS part (word, position)
    WHERE word <> '' AND length(word) <= 200 ORDER BY position LIMIT ${MAX_WORDS}
  ), stemmed AS (
    SELECT position, word, (ts_lexize('product_stem', word))[1] AS lexeme, joined FROM given
  )
  SELECT word, lexeme,
    EXISTS (SELECT 1 FROM search_words known WHERE known.lexeme = stemmed.lexeme COLLATE "C") AS "isKnown",
    (SELECT lexeme FROM search_words known WHERE known.word = stemmed.joined COLLATE "C" LIMIT 1) AS "joinedLexeme",
    ARRAY(SELECT DISTINCT (ts_lexize('product_stem', form))[1] FROM (
      SELECT other AS form FROM (VALUES ${IRREGULAR}) AS irregular (this, other) WHERE this = word
      UNION ALL SELECT regexp_replace(word, 'ves$', ending) FROM (VALUES ('f'), ('fe')) AS singular (ending)
        WHERE word ~ '...ves$'
      UNION ALL SELECT regexp_replace(word, 'fe?$', 'ves') WHERE word ~ '..fe?$'
    ) AS forms) AS "otherNumbers"
  FROM stemmed ORDER BY position`;

/** Whether the letters and digits of a text $1 are the SKU of a product: then they, else no row. */
export const LOOK_UP_SKU = `
  SELECT squeezed AS sku FROM replace(words_of($1::text), ' ', '') AS squeezed
  WHERE squeezed <> '' AND EXISTS (SELECT 1 FROM product_documents WHERE status = $2 AND skus @> ARRAY[squeezed])`;

/**
 * Words of the catalog like the word $1: by trigrams, where it has no digits; by what it leaves without one letter $2 (text[]);
 * by these spellings $3 (text[]).
 */
export const LIKE_WORDS = `
  SELECT DISTINCT ON (word) word, lexeme, weight FROM (
    (SELECT word, lexeme, weight FROM search_words
      WHERE word % $1::text AND word !~ '[0-9]' AND $1::text !~ '[0-9]'
      ORDER BY similarity(word, $1::text) DESC, word LIMIT 50)
    UNION ALL
    (SELECT word, lexeme, weight FROM search_words WHERE deletions && ($2::text[] || $1::text) LIMIT 200)
    UNION ALL
    (SELECT word, lexeme, weight FROM search_words WHERE word = ANY ($3::text[]) LIMIT 50)
  ) AS alike ORDER BY word, weight`;

/** Words of the catalog that begin with $1, those of titles and the shortest first. */
export const WORDS_BEGINNING = `
  SELECT word, lexeme, min(weight) AS weight FROM (
    SELECT word, lexeme, weight FROM search_words
    WHERE word >= $1::text AND word < $1::text || U&'\\+10FFFF' LIMIT 2000
  ) AS beginning GROUP BY word, lexeme ORDER BY min(weight), length(word), word LIMIT $2`;

/**
 * How many products of status $1 have each of so many stems $2, $3 and so on, counted to `limit`: one row with a column
 * for each. The stems are given one by one, so that the planner sees how common each is.
 */
export function countStems(stems: number, limit: number): string {
  const counts = Array.from(
    { length: stems },
    (_, index) => `(SELECT count(*)::int FROM (SELECT 1 FROM product_documents
      WHERE status = $1 AND search @@ $${index + 2}::tsquery LIMIT ${limit}) AS first_ones)`,
  );
  return `SELECT ARRAY[${counts.join(', ')}] AS counts`;
}

/** The stems of two words that are $1 when written together, those of titles and the most even first. */
export const SPLIT_WORD = `
  SELECT ARRAY[one.lexeme, other.lexeme] AS parts
  FROM generate_series(2, length($1::text) - 2) AS place
  JOIN search_words one ON one.word = left($1::text, place) COLLATE "C"
  JOIN search_words other ON other.word = substr($1::text, place + 1) COLLATE "C"
  ORDER BY greatest(one.weight, other.weight), abs(2 * place - length($1::text)), place LIMIT 1`;

/** The stems of those of the words $1 (text[]) that the catalog has. */
export const LEXEMES_OF = `
  SELECT DISTINCT word, lexeme FROM search_words WHERE word = ANY ($1::text[])`;

/** One row where a product of status $1 matches $2 (tsquery). */
export const HAS_PRODUCTS = `SELECT 1 FROM product_documents WHERE status = $1 AND search @@ $2::tsquery LIMIT 1`;

const MAX_READ = 1000;

/**
 * One row where a product of status $1 matches $2 (tsquery), among the first of those that match $3 (tsquery). The subquery
 * hides from the planner how common they are: else it might read the whole table, which looks cheap where many match.
 */
export const HAS_AMONG_FIRST = `
  SELECT 1 FROM (
    SELECT search FROM product_documents WHERE status = $1 AND search @@ (SELECT $3::tsquery) LIMIT ${MAX_READ}
  ) AS first_ones
  WHERE search @@ $2::tsquery LIMIT 1`;
