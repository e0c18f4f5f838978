import type pg from 'pg';
import { preparedStatement } from '../../database/prepared-statement.js';
import type { SearchPhrase } from '../search/search-phrase.js';
import { conditionsOf } from './list-conditions.js';
import { aggregatedPage } from './listed-page.js';
import { pageEndOf } from './product-cursor.js';
import {
  DEFAULT_LIST,
  isWithoutFilters,
  type ProductListQuery,
  type ProductSort,
} from './product-list-query.js';
import { VERSION_COLUMN } from './product-version.js';
import type { Statement } from './statement.js';

interface Order {
  /** An expression that an index of `product_documents` holds. */
  readonly key: string;
  readonly type: string;
  readonly direction: 'ASC' | 'DESC';
}

// Products without a price come last in both orders of price.
const ORDERS: Readonly<Record<Exclude<ProductSort, 'relevance'>, Order>> = {
  newest: { key: 'listed_at', type: 'timestamptz', direction: 'DESC' },
  price: { key: 'coalesce(price_min, 1000000000000000)', type: 'bigint', direction: 'ASC' },
  '-price': { key: 'coalesce(price_min, -1)', type: 'bigint', direction: 'DESC' },
  title: { key: 'sort_title', type: 'text', direction: 'ASC' },
};

// So many matches of words or attributes are sorted. The planner cannot tell how few they are, and would look for them in
// the order of the list, from its beginning to its end.
const FEW = 2000;

/** A page with the bodies of its products, or without. */
export type PagePart = 'whole' | 'outline';

/** The first column of a page: the body of a product, or nothing. */
export function bodyOf(part: PagePart): string {
  return part === 'whole' ? 'head || tail' : 'NULL::text';
}

/**
 * One page in any order but that by relevance, as an `AggregatedPage`: each row and each column that is sent costs more
 * than putting them together. One product more is looked for, which tells whether there is a next page. For the `outline`
 * of a page, the bodies stay unread. `phrase` is what the query's `q` means.
 */
export function pageQuery(
  query: ProductListQuery,
  part: PagePart,
  phrase?: SearchPhrase,
): pg.QueryArrayConfig {
  if (!isCommon(query)) {
    return { ...makePageQuery(query, part, phrase), rowMode: 'array' };
  }
  const name = `${nameOf(query)}-${part}`;
  let page = commonPages.get(name);
  if (page === undefined) {
    page = preparedStatement(name, makePageQuery(query, part).text);
    commonPages.set(name, page);
  }
  return page(...commonValues(query));
}

/** The common pages by name. Nothing of a request is in their texts: only its values are. */
const commonPages = new Map<string, ReturnType<typeof preparedStatement>>();

// In the order in which they stand in the text.
function commonValues(query: ProductListQuery): string[] {
  const { category, presentCategory = category, cursor } = query;
  const values = presentCategory === undefined ? [] : [presentCategory];
  if (cursor !== undefined) {
    const { key, id } = pageEndOf(query, cursor);
    values.push(key, id);
  }
  return values;
}

function makePageQuery(query: ProductListQuery, part: PagePart, phrase?: SearchPhrase): Statement {
  const values: unknown[] = [];
  const { key, type, direction } = orderOf(query.sort);
  const conditions = [
    ...conditionsOf(query, phrase, values).values(),
    ...(type === 'bigint' ? priceBounds(key, query, values) : []),
  ];
  const behind: string[] = [];
  if (query.cursor !== undefined) {
    const end = pageEndOf(query, query.cursor);
    const comparison = direction === 'ASC' ? '>' : '<';
    behind.push(
      `(${key}, product_id) ${comparison} ($${values.push(end.key)}::${type}, $${values.push(end.id)}::uuid)`,
    );
  }
  // Without a name of its own, the text of the key would hide the column, and the order would be that of texts.
  const columns = `${bodyOf(part)} AS body, (${key})::text AS page_key, ${VERSION_COLUMN} AS version`;
  const order = `ORDER BY ${key} ${direction}, product_id ${direction} LIMIT ${query.limit + 1}`;
  const page = (from: string, ...where: string[]) =>
    `SELECT ${columns} FROM ${from} WHERE ${['true', ...where, ...behind].join(' AND ')} ${order}`;
  if (phrase === undefined && query.attributes === undefined) {
    return { text: aggregatedPage(page('product_documents', ...conditions), query.limit), values };
  }
  const areFew = `(SELECT count(*) FROM few) <= ${FEW}`;
  const text = `
    WITH few AS MATERIALIZED (
      SELECT product_id FROM product_documents WHERE ${conditions.join(' AND ')} LIMIT ${FEW + 1})
    (${page('few JOIN product_documents USING (product_id)', areFew)})
    UNION ALL (${page('product_documents', `NOT ${areFew}`, ...conditions)})`;
  return { text: aggregatedPage(text, query.limit), values };
}

/** How many products the filters let through. */
export function countQuery(query: ProductListQuery, phrase?: SearchPhrase): Statement {
  const values: unknown[] = [];
  const conditions = [...conditionsOf(query, phrase, values).values()];
  return {
    text: `SELECT count(*)::int FROM product_documents WHERE ${conditions.join(' AND ')}`,
    values,
  };
}

// In an order by price, so that its index begins and ends where the prices do.
function priceBounds(key: string, { minPrice, maxPrice }: ProductListQuery, values: unknown[]): string[] {
  return [
    ...(minPrice === undefined ? [] : [`${key} >= $${values.push(minPrice)}::bigint`]),
    ...(maxPrice === undefined ? [] : [`${key} <= $${values.push(maxPrice)}::bigint`]),
  ];
}

function orderOf(sort: ProductSort): Order {
  if (sort === 'relevance') {
    throw new Error('What is ranked is read by RelevancePages.');
  }
  return ORDERS[sort];
}

// 32 statements a connection: the orders, with and without category and cursor, whole and outline. Naming every
// combination would fill the memory of the server.
function isCommon(query: ProductListQuery): boolean {
  return query.limit === DEFAULT_LIST.limit && isWithoutFilters(query);
}

function nameOf({ sort, category, cursor }: ProductListQuery): string {
  return `products-${sort}${category === undefined ? '' : '-in-category'}${cursor === undefined ? '' : '-after'}`;
}
