import {
  SEARCH_CHANGES,
  SEARCH_COLUMNS,
  SEARCH_FIELDS,
  SEARCH_VALUES,
  SEARCH_WORDS,
} from '../search/search-columns.sql.js';

const MONEY = (amount: string) => `row_to_json((SELECT m FROM (SELECT ${amount} AS amount, p.currency) m))`;

export const TIME = (column: string) =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const VARIANT = 'v.id, v.sku, v.title';

// `compareAtPrice` is left out where there is none. array_to_json and row_to_json put no blanks; json_agg would.
const VARIANTS = `
  SELECT min(v.price) AS price_min, max(v.price) AS price_max, coalesce(bool_or(v.stock > 0), false) AS in_stock,
    array_to_json(coalesce(array_agg(
      CASE WHEN v.compare_at_price IS NULL
        THEN row_to_json((SELECT j FROM (SELECT ${VARIANT}, ${MONEY('v.price')} AS price, v.stock, v.options) j))
        ELSE row_to_json((SELECT j FROM (SELECT ${VARIANT}, ${MONEY('v.price')} AS price,
          ${MONEY('v.compare_at_price')} AS "compareAtPrice", v.stock, v.options) j))
      END ORDER BY v.position, v.id), '{}')) AS list
  FROM variants v WHERE v.product_id = p.id`;

const CATEGORIES = `
  SELECT array_to_json(coalesce(array_agg(
    row_to_json((SELECT j FROM (SELECT c.id, c.slug, c.name, c.path) j)) ORDER BY pc.position, c.id), '{}')) AS list
  FROM product_categories pc JOIN categories c ON c.id = pc.category_id WHERE pc.product_id = p.id`;

const CATEGORY_SLUGS = `
  SELECT coalesce(array_agg(DISTINCT above.slug), '{}')
  FROM product_categories pc JOIN categories c ON c.id = pc.category_id JOIN categories above ON above.id = ANY (c.lineage)
  WHERE pc.product_id = p.id`;

/** Counts one revision up for the products $1 (uuid[]). */
export const RAISE_REVISIONS = 'UPDATE products SET revision = revision + 1 WHERE id = ANY ($1)';

/**
 * The documents of the products $1 (uuid[]), as they have to be: the JSON that the API answers with, in two parts, and
 * what lists sort, filter and search by, under the names of the columns of `product_documents`. `fields` is what the
 * products are found by.
 */
const renderedWith = (fields: string) => `
  SELECT p.id AS product_id, p.slug, p.status, coalesce(p.published_at, p.created_at) AS listed_at, variant.price_min,
    sort_key(p.title) AS sort_title, (${CATEGORY_SLUGS}) AS category_slugs, variant.in_stock, p.brand, p.revision,
    left(row_to_json(document)::text, -1) || ',' AS head, substr(row_to_json(rest)::text, 2) AS tail, ${SEARCH_VALUES}
  FROM products p
  CROSS JOIN LATERAL (${VARIANTS}) variant
  CROSS JOIN LATERAL (${CATEGORIES}) category
  CROSS JOIN LATERAL (
    SELECT p.id, p.slug, p.title, p.description, p.brand, p.status, p.attributes, category.list AS categories,
      '[]'::json AS media,
      CASE WHEN variant.price_min IS NOT NULL THEN row_to_json((SELECT r FROM (
        SELECT ${MONEY('variant.price_min')} AS min, ${MONEY('variant.price_max')} AS max) r)) END AS "priceRange"
  ) document
  CROSS JOIN LATERAL (
    SELECT variant.in_stock AS "inStock", variant.list AS variants,
      ${TIME('p.created_at')} AS "createdAt", ${TIME('p.updated_at')} AS "updatedAt", ${TIME('p.published_at')} AS "publishedAt"
  ) rest
  JOIN ${fields} ON fields.id = p.id
  WHERE p.id = ANY ($1)`;

/** As above, in a statement of its own. */
export const RENDERED = renderedWith(`(${SEARCH_FIELDS}) fields`);

const DOCUMENTS = `
  INSERT INTO product_documents AS d
    (product_id, slug, status, listed_at, price_min, sort_title, category_slugs, in_stock, brand, revision, head, tail,
      ${SEARCH_COLUMNS})
  ${renderedWith('fields')}
  ON CONFLICT (product_id) DO UPDATE SET
    slug = excluded.slug, status = excluded.status, listed_at = excluded.listed_at, price_min = excluded.price_min,
    sort_title = excluded.sort_title, category_slugs = excluded.category_slugs, in_stock = excluded.in_stock,
    brand = excluded.brand, revision = excluded.revision, head = excluded.head, tail = excluded.tail, ${SEARCH_CHANGES}`;

/**
 * Writes the documents of the products $1 (uuid[]) anew, keeps their words, and counts the published ones of each category by what has
 * changed: counters are touched in the order of their slugs, so that two writers never wait for each other in a circle.
 */
export const RENDER_DOCUMENTS = `
  WITH fields AS MATERIALIZED (${SEARCH_FIELDS}
  ), words AS (${SEARCH_WORDS}
  ), gone AS (
    SELECT category, -1 AS change FROM product_documents, unnest(category_slugs) AS category
    WHERE product_id = ANY ($1) AND status = 'published'
  ), rendered AS (${DOCUMENTS}
    RETURNING status, category_slugs
  ), come AS (
    SELECT category, 1 AS change FROM rendered, unnest(category_slugs) AS category WHERE status = 'published'
  )
  INSERT INTO category_product_counts AS counted (category_slug, products)
  SELECT category, sum(change) FROM (SELECT * FROM gone UNION ALL SELECT * FROM come) changes
  GROUP BY category HAVING sum(change) <> 0 ORDER BY category
  ON CONFLICT (category_slug) DO UPDATE SET products = counted.products + excluded.products`;
