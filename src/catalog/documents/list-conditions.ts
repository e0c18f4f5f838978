import type { SearchPhrase } from '../search/search-phrase.js';
import { matchCondition } from '../search/tiers.js';
import { facetValue } from '../search/facet-value.js';
import type { ProductListQuery } from './product-list-query.js';

/** The filters of a list, each a condition on `product_documents`. `attribute:color` is that of one attribute. */
export type FilterName = 'status' | 'q' | 'category' | 'brand' | 'price' | 'inStock' | `attribute:${string}`;

/**
 * What a list asks of a product, by filter, for a WHERE. Only names of our own get into the text; what a client sent is a
 * value, pushed onto `values`. `phrase` is what the query's `q` means.
 */
export function conditionsOf(
  query: ProductListQuery,
  phrase: SearchPhrase | undefined,
  values: unknown[],
): Map<FilterName, string> {
  const { status, brands, minPrice, maxPrice, inStock, attributes = [] } = query;
  const category = query.presentCategory ?? query.category;
  const conditions = new Map<FilterName, string>([['status', `status = '${status}'`]]);
  if (phrase !== undefined) {
    conditions.set('q', matchCondition(phrase, values));
  }
  if (category !== undefined) {
    conditions.set('category', `category_slugs @> ARRAY[$${values.push(category)}::text]`);
  }
  if (brands !== undefined) {
    conditions.set('brand', `brand = ANY ($${values.push(brands)}::text[])`);
  }
  if (minPrice !== undefined || maxPrice !== undefined) {
    const bounds = [
      ...(minPrice === undefined ? [] : [`price_min >= $${values.push(minPrice)}::bigint`]),
      ...(maxPrice === undefined ? [] : [`price_min <= $${values.push(maxPrice)}::bigint`]),
    ];
    conditions.set('price', bounds.join(' AND '));
  }
  if (inStock !== undefined) {
    conditions.set('inStock', inStock ? 'in_stock' : 'NOT in_stock');
  }
  for (const attribute of attributes) {
    const wanted = attribute.values.map((value) => facetValue('attribute', attribute.name, value));
    conditions.set(`attribute:${attribute.name}`, `facet_values && $${values.push(wanted)}::text[]`);
  }
  return conditions;
}
