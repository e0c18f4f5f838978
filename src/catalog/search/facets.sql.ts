import { conditionsOf, type FilterName } from '../documents/list-conditions.js';
import type { ProductListQuery } from '../documents/product-list-query.js';
import type { Statement } from '../documents/statement.js';
import { facetPrefix } from './facet-value.js';
import type { SearchPhrase } from './search-phrase.js';

/** The most values of a facet, and the most attributes. */
export const MAX_FACET_VALUES = 50;

/**
 * How many products have each value of each facet: rows of value, count, and name and path of a category. What the filters
 * let through is read once for all facets without a filter, and once for each facet that has one, which does not
 * narrow itself.
 */
export function facetsQuery(query: ProductListQuery, phrase?: SearchPhrase): Statement {
  const values: unknown[] = [];
  const conditions = conditionsOf(query, phrase, values);
  const narrowed = [...conditions.keys()].flatMap((filter) => {
    const prefix = prefixOf(filter);
    return prefix === null ? [] : [{ filter, prefix: `$${values.push(prefix)}::text` }];
  });
  const others = narrowed.map(({ prefix }) => `NOT starts_with(value, ${prefix})`);
  const counts = [
    countsOf([...conditions.values(), ...others]),
    ...narrowed.map(({ filter, prefix }) =>
      countsOf([...withoutFilter(conditions, filter), `starts_with(value, ${prefix})`]),
    ),
  ];
  return { text: topOf(counts.join(' UNION ALL ')), values };
}

/** The lowest and the highest price that the filters but that of prices let through: two rows of amount and currency, or none. */
export function priceBoundsQuery(query: ProductListQuery, phrase?: SearchPhrase): Statement {
  const values: unknown[] = [];
  const unpriced = { ...query, minPrice: undefined, maxPrice: undefined };
  const conditions = [...conditionsOf(unpriced, phrase, values).values()].join(' AND ');
  const edge = (order: string) => `
    SELECT d.price_min::float8 AS amount, p.currency FROM (
      SELECT product_id, price_min FROM product_documents WHERE ${conditions} AND price_min IS NOT NULL ORDER BY ${order} LIMIT 1
    ) d JOIN products p ON p.id = d.product_id`;
  const [lowest, highest] = ['coalesce(price_min, 1000000000000000)', 'coalesce(price_min, -1) DESC'].map(
    edge,
  );
  return { text: `(${lowest}) UNION ALL (${highest})`, values };
}

function countsOf(conditions: readonly string[]): string {
  return `SELECT value, count(*)::int AS products FROM product_documents, unnest(facet_values) AS value
    WHERE ${conditions.join(' AND ')} GROUP BY value`;
}

function topOf(counts: string): string {
  const [sum, name] = ['max(products) OVER (PARTITION BY facet, name)', "split_part(value, E'\\x1f', 2)"];
  return `
    SELECT numbered.value, products, c.name, c.path FROM (
      SELECT *, dense_rank() OVER (PARTITION BY facet ORDER BY most DESC, name COLLATE "C") AS name_place FROM (
        SELECT *, ${sum} AS most,
          row_number() OVER (PARTITION BY facet, name ORDER BY products DESC, value COLLATE "C") AS place
        FROM (SELECT value, products, left(value, 1) AS facet, ${name} AS name FROM (${counts}) counted) named
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
