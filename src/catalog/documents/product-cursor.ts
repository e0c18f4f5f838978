import { hash } from 'node:crypto';
import { decodeCursor, encodeCursor } from '../../http/cursor.js';
import { Problem } from '../../http/problem.js';
import { isUuid } from '../../http/uuid-param.pipe.js';
import { type RankedPart, readRankedPart, writeRankedPart } from '../search/ranked-part.js';
import { MAX_PHRASE_BYTES, readPhrase, type SearchPhrase, writePhrase } from '../search/search-phrase.js';
import { UNRANKED } from '../search/tiers.js';
import {
  DEFAULT_LIST,
  isWithoutFilters,
  type ProductListQuery,
  type ProductSort,
} from './product-list-query.js';

/** Where a page ended: the sort key as PostgreSQL writes it, and the id that tells products of the same key apart. */
export interface PageEnd {
  readonly key: string;
  readonly id: string;
  /** What the words of the query were taken for on the page before; absent where there are too many to keep. */
  readonly phrase?: SearchPhrase;
  /** What of the matches is ranked; there in the order of relevance. */
  readonly ranked?: RankedPart;
}

/** How a search understood its words and ranked what it found: what its next page must do as well. */
export type SearchState = Pick<PageEnd, 'phrase' | 'ranked'>;

// What fits into a cursor beside the longest title.
const MAX_PHRASE_BYTES_BESIDE_TITLE = 450;

const KEY_FORMATS: Readonly<Record<ProductSort, RegExp>> = {
  relevance: /^(unranked|\d{1,3}(\.\d{1,12})?(e-\d{1,2})?)$/,
  newest: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?\+00$/,
  price: /^-?\d{1,16}$/,
  '-price': /^-?\d{1,16}$/,
  title: /^[^\0]{0,600}$/,
};

/**
 * The cursor of the page behind a product; it is good for the same filters and order only. It keeps what `q` was taken
 * for: another product may teach the catalog a word, and the order must not change under a walk.
 */
export function cursorAfter(
  query: ProductListQuery,
  key: string,
  id: string,
  { phrase, ranked }: SearchState,
): string {
  const text = phrase === undefined ? '' : writePhrase(phrase);
  const room = query.sort === 'title' ? MAX_PHRASE_BYTES_BESIDE_TITLE : MAX_PHRASE_BYTES;
  const kept = Buffer.byteLength(text) > room ? '' : text;
  const part = ranked === undefined ? '' : writeRankedPart(ranked);
  return encodeCursor(listName(query), query.q === undefined ? [key, id] : [key, id, kept, part]);
}

/** Reads the cursor of a query. @throws Problem `bad-request` when it is damaged, or of another list, order or filter */
export function pageEndOf(query: ProductListQuery, cursor: string): PageEnd {
  const count = query.q === undefined ? 2 : 4;
  const texts = decodeCursor(listName(query), cursor, Array<'string'>(count).fill('string'));
  const [key = '', id = '', text = '', part = ''] = texts.map(String);
  const phrase = text === '' ? undefined : readPhrase(text);
  const ranked = part === '' ? undefined : readRankedPart(part);
  const isRanked = query.sort !== 'relevance' || (key === UNRANKED ? ranked?.cut : ranked) !== undefined;
  if (!isUuid(id) || !KEY_FORMATS[query.sort].test(key) || phrase === null || ranked === null || !isRanked) {
    throw new Problem('bad-request', 'The cursor is damaged.');
  }
  return { key, id, phrase, ranked };
}

// The list of everything is asked for most, and twice by a page in its middle.
function listName(query: ProductListQuery): string {
  const isEverything = query.category === undefined && isWithoutFilters(query);
  return `products ${query.sort} ${isEverything ? EVERYTHING : digestOfFilters(query)}`;
}

const EVERYTHING = digestOfFilters(DEFAULT_LIST);

// They can be long.
function digestOfFilters(query: ProductListQuery): string {
  const { status, q, category, brands, minPrice, maxPrice, inStock } = query;
  const attributes = query.attributes
    ?.map(({ name, values }) => [name, ...values.toSorted()])
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1));
  const filters = JSON.stringify([
    status,
    q,
    category,
    brands?.toSorted(),
    minPrice,
    maxPrice,
    inStock,
    attributes,
  ]);
  return hash('sha256', filters, 'base64url').slice(0, 11);
}
