import type { EntityManager } from 'typeorm';
import { madeSku } from '../../formats/made-names.js';
import type { Draft } from '../read-draft.js';
import type { ProductState } from './known-products.js';
import type { PlannedProduct, RenamedSku } from './planned-product.js';
import { insertRows } from './write-products.js';

const RENAME = `
  UPDATE variants v SET sku = row.made FROM json_to_recordset($1) AS row ("productId" uuid, bare text, made text)
  WHERE v.sku = row.bare AND v.product_id = row."productId"`;

/**
 * The variant of a product from Shopify that has the bare handle for an SKU, as it was made until that turned out to be what
 * a shop may write itself; `null` where the product has none, or the draft does not mean it.
 */
export function bareSku({ product }: Draft, { skus }: ProductState): RenamedSku | null {
  const { slug, variants } = product;
  if (slug === undefined || !skus.has(slug)) {
    return null;
  }
  const made = madeSku(slug, [], new Set());
  const isNamed = (name: string) => variants.some(({ sku }) => sku === name);
  return isNamed(made) && !isNamed(slug) && !skus.has(made) ? { bare: slug, made } : null;
}

/** The product as it is when the variant has its new SKU. */
export function withMadeSku(state: ProductState, renamed: RenamedSku | null): ProductState {
  if (renamed === null) {
    return state;
  }
  const changed = (skus: ReadonlySet<string>) =>
    new Set([...skus].map((sku) => (sku === renamed.bare ? renamed.made : sku)));
  return { ...state, skus: changed(state.skus), reducedSkus: changed(state.reducedSkus) };
}

/** Gives such variants the SKUs that are made today, so that the product that has the bare one can come. */
export async function renameBareSkus(
  manager: EntityManager,
  products: readonly PlannedProduct[],
): Promise<void> {
  const rows = products.flatMap(({ id, renamed }) => (renamed ? [{ productId: id, ...renamed }] : []));
  await insertRows(manager, RENAME, rows);
}
