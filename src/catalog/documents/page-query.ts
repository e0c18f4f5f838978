import { rankOf } from '../search/rank.js';
import type { SearchPhrase } from '../search/search-phrase.js';
import { conditionsOf } from './list-conditions.js';
import { pageEndOf } from './product-cursor.js';
import { DEFAULT_LIST, type ProductListQuery, type ProductSort } from './product-list-query.js';
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

/**
 * One page and one product more, which tells whether there is a next page: rows of body, sort key, and
 * `<id>.<revision>` as one text, because each column costs. For the `outline` of a page, the bodies stay unread.
 * `phrase` is what the query's `q` means.
 */
export function pageQuery(
  query: ProductListQuery,
  part: 'whole' | 'outline',
  phrase?: SearchPhrase,
): Statement {
  const values: unknown[] = [];
  const { key, type, direction } = orderOf(query.sort, phrase, values);
  const conditions = [...conditionsOf(query, phrase, values).values()];
  if (query.cursor !== undefined) {
    const end = pageEndOf(query, query.cursor);
    const comparison = direction === 'ASC' ? '>' : '<';
    conditions.push(
      `(${key}, product_id) ${comparison} ($${values.push(end.key)}::${type}, $${values.push(end.id)}::uuid)`,
    );
  }
  // Without a name of its own, the text of the key would hide the column, and the order would be that of texts.
  const text =
    `SELECT ${part === 'whole' ? 'head || tail' : 'NULL'}, (${key})::text AS page_key, product_id || '.' || revision FROM product_documents WHERE ${conditions.join(' AND ')}` +
    ` ORDER BY ${key} ${direction}, product_id ${direction} LIMIT ${query.limit + 1}`;
  return isCommon(query) ? { name: `${nameOf(query)}-${part}`, text, values } : { text, values };
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

function orderOf(sort: ProductSort, phrase: SearchPhrase | undefined, values: unknown[]): Order {
  if (sort !== 'relevance') {
    return ORDERS[sort];
  }
  if (phrase === undefined) {
    throw new Error('The order by relevance needs to know what is searched for.');
  }
  return { key: rankOf(phrase, values), type: 'real', direction: 'DESC' };
}

// 32 statements a connection: the orders, with and without category and cursor, whole and outline. Naming every
// combination would fill the memory of the server.
function isCommon(query: ProductListQuery): boolean {
  const { status, q, brands, attributes, minPrice, maxPrice, inStock, limit } = query;
  return (
    q === undefined &&
    attributes === undefined &&
    status === DEFAULT_LIST.status &&
    limit === DEFAULT_LIST.limit &&
    brands === undefined &&
    minPrice === undefined &&
    maxPrice === undefined &&
    inStock === undefined
  );
}

function nameOf({ sort, category, cursor }: ProductListQuery): string {
  return `products-${sort}${category === undefined ? '' : '-in-category'}${cursor === undefined ? '' : '-after'}`;
}
