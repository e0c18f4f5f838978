import { createHash } from 'node:crypto';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { Problem } from '../../http/problem.js';
import { isUuid } from '../../http/uuid-param.pipe.js';
import type { ProductListQuery, ProductSort } from './product-list-query.js';

/** Where a page ended: the sort key as PostgreSQL writes it, and the id that tells products of the same key apart. */
export interface PageEnd {
  readonly key: string;
  readonly id: string;
}

const KEY_FORMATS: Readonly<Record<ProductSort, RegExp>> = {
  newest: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?\+00$/,
  price: /^-?\d{1,16}$/,
  '-price': /^-?\d{1,16}$/,
  title: /^[^\0]{1,600}$/,
};

/** The cursor of the page behind a product; it is good for the same filters and order only. */
export function cursorAfter(query: ProductListQuery, key: string, id: string): string {
  return encodeCursor(listName(query), [key, id]);
}

/** Reads the cursor of a query. @throws Problem `bad-request` when it is damaged, or of another list, order or filter */
export function pageEndOf(query: ProductListQuery, cursor: string): PageEnd {
  const [key, id] = decodeCursor(listName(query), cursor, ['string', 'string']);
  if (
    typeof key !== 'string' ||
    typeof id !== 'string' ||
    !isUuid(id) ||
    !KEY_FORMATS[query.sort].test(key)
  ) {
    throw new Problem('bad-request', 'The cursor is damaged.');
  }
  return { key, id };
}

// The filters go in as a digest, because they can be long.
function listName({ status, category, brands, minPrice, maxPrice, inStock, sort }: ProductListQuery): string {
  const filters = JSON.stringify([status, category, brands?.toSorted(), minPrice, maxPrice, inStock]);
  return `products ${sort} ${createHash('sha256').update(filters).digest('base64url').slice(0, 11)}`;
}
