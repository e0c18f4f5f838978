import { pageEndOf } from './product-cursor.js';
import { DEFAULT_LIST, type ProductListQuery, type ProductSort } from './product-list-query.js';

/** A statement for pg; one with a name is prepared once a connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

interface Order {
  /** An expression that an index of `product_documents` holds. */
  readonly key: string;
  readonly type: string;
  readonly direction: 'ASC' | 'DESC';
}

// Products without a price come last in both orders of price.
const ORDERS: Readonly<Record<ProductSort, Order>> = {
  newest: { key: 'listed_at', type: 'timestamptz', direction: 'DESC' },
  price: { key: 'coalesce(price_min, 1000000000000000)', type: 'bigint', direction: 'ASC' },
  '-price': { key: 'coalesce(price_min, -1)', type: 'bigint', direction: 'DESC' },
  title: { key: 'sort_title', type: 'text', direction: 'ASC' },
};

/**
 * One page and one product more, which tells whether there is a next page: rows of body, sort key, and
 * `<id>.<revision>` as one text, because each column costs. For the `outline` of a page, the bodies stay unread.
 */
export function pageQuery(query: ProductListQuery, part: 'whole' | 'outline' = 'whole'): Statement {
  const { key, type, direction } = ORDERS[query.sort];
  const values: unknown[] = [];
  const conditions = conditionsOf(query, values);
  if (query.cursor !== undefined) {
    const end = pageEndOf(query, query.cursor);
    const comparison = direction === 'ASC' ? '>' : '<';
    conditions.push(
      `(${key}, product_id) ${comparison} ($${values.push(end.key)}::${type}, $${values.push(end.id)}::uuid)`,
    );
  }
  // Without a name of its own, the text of the key would hide the column, and the order would be that of texts.
  const text =
    `SELECT ${part === 'whole' ? 'head || tail' : 'NULL'}, ${key}::text AS page_key, product_id || '.' || revision FROM product_documents WHERE ${conditions.join(' AND ')}` +
    ` ORDER BY ${key} ${direction}, product_id ${direction} LIMIT ${query.limit + 1}`;
  return isCommon(query) ? { name: `${nameOf(query)}-${part}`, text, values } : { text, values };
}

/** How many products the filters let through. */
export function countQuery(query: ProductListQuery): Statement {
  const values: unknown[] = [];
  return {
    text: `SELECT count(*)::int FROM product_documents WHERE ${conditionsOf(query, values).join(' AND ')}`,
    values,
  };
}

// Only names of our own get into the text; what a client sent is a value.
function conditionsOf(
  { status, category, brands, minPrice, maxPrice, inStock }: ProductListQuery,
  values: unknown[],
): string[] {
  const conditions = [`status = '${status}'`];
  if (category !== undefined) {
    conditions.push(`category_slugs @> ARRAY[$${values.push(category)}::text]`);
  }
  if (brands !== undefined) {
    conditions.push(`brand = ANY ($${values.push(brands)}::text[])`);
  }
  if (minPrice !== undefined) {
    conditions.push(`price_min >= $${values.push(minPrice)}::bigint`);
  }
  if (maxPrice !== undefined) {
    conditions.push(`price_min <= $${values.push(maxPrice)}::bigint`);
  }
  if (inStock !== undefined) {
    conditions.push(inStock ? 'in_stock' : 'NOT in_stock');
  }
  return conditions;
}

// 32 statements a connection: the orders, with and without category and cursor, whole and outline. Naming every
// combination would fill the memory of the server.
function isCommon({ status, brands, minPrice, maxPrice, inStock, limit }: ProductListQuery): boolean {
  return (
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
