import { conditionsOf } from '../documents/list-conditions.js';
import type { PageEnd } from '../documents/product-cursor.js';
import type { ProductListQuery } from '../documents/product-list-query.js';
import { VERSION_COLUMN } from '../documents/product-version.js';
import type { Statement } from '../documents/statement.js';
import { rankOf } from './rank.js';
import { ALL_RANKED, type RankedPart } from './ranked-part.js';
import type { SearchPhrase } from './search-phrase.js';
import { matchCondition, MAX_RANKED, rankedConditions, tiersOf, UNRANKED } from './tiers.js';

/**
 * The first page of a search by relevance, as `pageQuery` has it, with a fourth column: what of the matches is ranked, as
 * `readRankedPart` reads it. Each tier is read from its newest product on, and only where those before it are not full, so
 * that a common word costs no more than a rare one.
 */
export function firstRankedQuery(
  query: ProductListQuery,
  columns: string,
  phrase: SearchPhrase,
): Statement {
  const values: unknown[] = [];
  const filters = filtersOf(query, values);
  const tiers = tiersOf(phrase).map((tier) => tier(values));
  const places = tiers.map((tier, index) => {
    const isOpen = tiers.slice(0, index).map((_, before) => `(SELECT count(*) FROM tier${before}) < ${MAX_RANKED}`);
    return `tier${index} AS MATERIALIZED (
      SELECT product_id FROM product_documents WHERE ${[...isOpen, ...filters, tier].join(' AND ')}
      ORDER BY product_id DESC LIMIT ${MAX_RANKED})`;
  });
  const ranked = tiers.map((_, index) =>
    `WHEN (SELECT count(*) FROM tier${index}) = ${MAX_RANKED}
      THEN ' ${index} ' || (SELECT product_id FROM tier${index} ORDER BY product_id LIMIT 1)`);
  const newestOfTiers = tiers.map((_, index) => `(SELECT product_id FROM tier${index} ORDER BY product_id DESC LIMIT 1)`);
  const found = tiers.map((_, index) => `SELECT product_id FROM tier${index}`).join(' UNION ');
  const text = `WITH ${places.join(', ')}
    SELECT ${columns}, page_key::text, ${VERSION_COLUMN},
      greatest(${newestOfTiers.join(', ')}) || CASE ${ranked.join(' ')} ELSE ' ${ALL_RANKED}' END FROM (
      SELECT product_id, ${rankOf(phrase, values)} AS page_key FROM (${found}) found JOIN product_documents USING (product_id)
      ORDER BY page_key DESC, product_id DESC LIMIT ${query.limit + 1}
    ) page JOIN product_documents USING (product_id) ORDER BY page.page_key DESC, product_id DESC`;
  return { text, values };
} // prettier-ignore

// Products that were there may have come to match since the search began, but not so many: without a bound, a forged
// cursor would have all matches ranked.
const MAX_RANKED_LATER = 20 * MAX_RANKED;

/** A later page of what is ranked. */
export function nextRankedQuery(
  query: ProductListQuery,
  columns: string,
  phrase: SearchPhrase,
  ranked: RankedPart,
  { key, id }: PageEnd,
): Statement {
  const values: unknown[] = [];
  const filters = filtersOf(query, values).join(' AND ');
  const found = rankedConditions(phrase, ranked, values)
    .map((condition) => newest(`${filters} AND ${condition}`))
    .join(' UNION ');
  const text = `
    SELECT ${columns}, page_key::text, ${VERSION_COLUMN} FROM (
      SELECT * FROM (
        SELECT product_id, ${rankOf(phrase, values)} AS page_key FROM (${found}) found JOIN product_documents USING (product_id)
      ) ranked WHERE (page_key, product_id) < ($${values.push(key)}::real, $${values.push(id)}::uuid)
      ORDER BY page_key DESC, product_id DESC LIMIT ${query.limit + 1}
    ) page JOIN product_documents USING (product_id) ORDER BY page.page_key DESC, product_id DESC`;
  return { text, values };
}

/** So many of the matches that are not ranked, the newest first, those behind the product `after` where there is one. */
export function unrankedQuery(
  query: ProductListQuery,
  columns: string,
  phrase: SearchPhrase,
  ranked: RankedPart,
  { after, limit }: { after?: string; limit: number },
): Statement {
  const values: unknown[] = [];
  const conditions = [
    ...filtersOf(query, values),
    matchCondition(phrase, values),
    `NOT (${rankedConditions(phrase, ranked, values).join(' OR ')})`,
    ...(after === undefined ? [] : [`product_id < $${values.push(after)}::uuid`]),
  ];
  const text = `
    SELECT ${columns}, '${UNRANKED}', ${VERSION_COLUMN} FROM product_documents
    WHERE ${conditions.join(' AND ')} ORDER BY product_id DESC LIMIT ${limit}`;
  return { text, values };
}

function newest(condition: string): string {
  return `(SELECT product_id FROM product_documents WHERE ${condition} ORDER BY product_id DESC LIMIT ${MAX_RANKED_LATER})`;
}

function filtersOf(query: ProductListQuery, values: unknown[]): string[] {
  return [...conditionsOf(query, undefined, values).values()];
}
