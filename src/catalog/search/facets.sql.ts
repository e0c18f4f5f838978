import { conditionsOf, type FilterName } from '../documents/list-conditions.js';
import type { ProductListQuery } from '../documents/product-list-query.js';
import type { Statement } from '../documents/statement.js';
import { facetPrefix } from './facet-value.js';
import type { SearchPhrase } from './search-phrase.js';

/** The most values of a facet, and the most attributes. */
export const MAX_FACET_VALUES = 50;

/** How many products are read to estimate from, and how few of the sixteenth are too few for that: all are read then. */
export interface SampleSize {
  readonly most: number;
  readonly least: number;
}

/** Above some 10,000 products, counts are estimates. */
export const SAMPLE_SIZE: SampleSize = { most: 5000, least: 625 };

// `uuid_hash` spreads products evenly over the 32-bit integers. The lowest sixteenth has indexes of its own.
const PLACE = 'uuid_hash(product_id)';
export const SIXTEENTH = `${PLACE} < -1879048192`;
const SHARE_UP_TO_LAST = '(max(place) + 2147483648.0::float8) / 4294967296';

/**
 * How many products have each value of each facet: rows of value, count, whether that is an estimate, and name and path of
 * a category. What the filters let through is read once for all facets without a filter, and once for each facet that has
 * one, which does not narrow itself. Of many products, only a sample is read.
 */
export function facetsQuery(
  query: ProductListQuery,
  phrase?: SearchPhrase,
  size: SampleSize = SAMPLE_SIZE,
): Statement {
  const values: unknown[] = [];
  const conditions = conditionsOf(query, phrase, values);
  const narrowed = [...conditions.keys()].flatMap((filter) => {
    const prefix = prefixOf(filter);
    return prefix === null ? [] : [{ filter, prefix }];
  });
  const areCategoriesCounted =
    query.status === 'published' && conditions.size === (conditions.has('category') ? 2 : 1);
  const own = narrowed.filter(({ filter }) => filter !== 'category' || !areCategoriesCounted);
  const apart = areCategoriesCounted
    ? [facetPrefix('category'), ...own.map(({ prefix }) => prefix)]
    : own.map(({ prefix }) => prefix);
  const startsWith = (prefix: string) => `starts_with(value, $${values.push(prefix)}::text)`;
  const counts = [
    countsOf([...conditions.values()], apart.map((prefix) => `NOT ${startsWith(prefix)}`), size),
    ...own.map(({ filter, prefix }) =>
      countsOf(withoutFilter(conditions, filter), [startsWith(prefix)], size),
    ),
    ...(areCategoriesCounted ? [CATEGORY_COUNTS] : []),
  ]; // prettier-ignore
  return { text: topOf(counts.join(' UNION ALL ')), values };
}

/**
 * The lowest and the highest price that the filters but that of prices let through: two rows of amount and currency, or none.
 * Of many products the orders by price soon come upon one; the few are read, because the planner cannot tell how few they are.
 */
export function priceBoundsQuery(query: ProductListQuery, phrase?: SearchPhrase): Statement {
  const values: unknown[] = [];
  const unpriced = { ...query, minPrice: undefined, maxPrice: undefined };
  const conditions = [...conditionsOf(unpriced, phrase, values).values()].join(' AND ');
  const priced = 'SELECT product_id, price_min FROM product_documents WHERE price_min IS NOT NULL';
  const edge = (order: string) => `
    SELECT d.price_min::float8 AS amount, p.currency FROM (
      (SELECT * FROM few ORDER BY ${order} LIMIT 1) UNION ALL
      (${priced} AND (SELECT are_many FROM size) AND ${conditions} ORDER BY ${order} LIMIT 1)
    ) d JOIN products p ON p.id = d.product_id`;
  const [lowest, highest] = ['coalesce(price_min, 1000000000000000)', 'coalesce(price_min, -1) DESC'].map(
    edge,
  );
  const text = `WITH size AS MATERIALIZED (
      SELECT count(*) = ${SAMPLE_SIZE.least} AS are_many FROM (
        SELECT 1 FROM product_documents WHERE ${conditions} AND ${SIXTEENTH} LIMIT ${SAMPLE_SIZE.least}) found
    ), few AS MATERIALIZED (${priced} AND NOT (SELECT are_many FROM size) AND ${conditions})
    (${lowest}) UNION ALL (${highest})`;
  return { text, values };
}

// What the writers of documents count already.
const CATEGORY_COUNTS = `
  SELECT E'c\\x1f\\x1f' || category_slug AS value, products, false AS "isEstimate"
  FROM category_product_counts WHERE products > 0`;

function countsOf(
  conditions: readonly string[],
  conditionsOfValues: readonly string[],
  { most, least }: SampleSize,
): string {
  const read = `FROM product_documents WHERE ${conditions.join(' AND ')}`;
  return `(
    WITH sample AS MATERIALIZED (
      SELECT facet_values, ${PLACE} AS place ${read} AND ${SIXTEENTH} ORDER BY ${PLACE} LIMIT ${most}
    ), size AS MATERIALIZED (
      SELECT count(*) >= ${least} AS is_enough, CASE WHEN count(*) < ${least} THEN 1
        WHEN count(*) < ${most} THEN 1 / 16.0::float8 ELSE ${SHARE_UP_TO_LAST} END AS share FROM sample
    ), counted AS (
      SELECT value FROM sample, unnest(facet_values) AS value WHERE (SELECT is_enough FROM size)
      UNION ALL
      SELECT value FROM (SELECT facet_values ${read} AND NOT (SELECT is_enough FROM size)) every, unnest(facet_values) AS value
    )
    SELECT value, round(count(*) / (SELECT share FROM size))::int AS products, (SELECT is_enough FROM size) AS "isEstimate"
    FROM counted WHERE ${['true', ...conditionsOfValues].join(' AND ')} GROUP BY value)`;
}

// An empty value is no choice.
function topOf(counts: string): string {
  const [sum, name] = ['max(products) OVER (PARTITION BY facet, name)', "split_part(value, E'\\x1f', 2)"];
  return `
    SELECT numbered.value, products, "isEstimate", c.name, c.path FROM (
      SELECT *, dense_rank() OVER (PARTITION BY facet ORDER BY most DESC, name COLLATE "C") AS name_place FROM (
        SELECT *, ${sum} AS most,
          row_number() OVER (PARTITION BY facet, name ORDER BY products DESC, value COLLATE "C") AS place
        FROM (SELECT value, products, "isEstimate", left(value, 1) AS facet, ${name} AS name FROM (${counts}) counted) named
        WHERE length(value) > length(name) + 3
      ) placed
    ) numbered
    LEFT JOIN categories c ON facet = 'c' AND c.slug = substr(value, 4)
    WHERE place <= ${MAX_FACET_VALUES} AND name_place <= ${MAX_FACET_VALUES}
    ORDER BY facet, name_place, place`;
}

function withoutFilter(conditions: ReadonlyMap<FilterName, string>, filter: FilterName): string[] {
  return [...conditions].flatMap(([name, condition]) => (name === filter ? [] : [condition]));
}

function prefixOf(filter: FilterName): string | null {
  if (filter === 'category' || filter === 'brand' || filter === 'price') {
    return facetPrefix(filter);
  }
  return filter.startsWith('attribute:') ? facetPrefix('attribute', filter.slice('attribute:'.length)) : null;
}
