import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { takenValue } from '../input/faults.js';
import type { CreateVariantDto } from './dto/create-variant.dto.js';
import { Variant } from './variant.entity.js';

/** A variant of a product from a draft whose options have been checked. */
export function newVariant(productId: string, draft: CreateVariantDto, position: number): Variant {
  return Object.assign(new Variant(), {
    id: v7(),
    productId,
    sku: draft.sku,
    title: draft.title ?? null,
    price: draft.price.amount,
    compareAtPrice: draft.compareAtPrice?.amount ?? null,
    stock: draft.stock ?? 0,
    options: draft.options ?? {},
    position,
  });
}

/**
 * Inserts variants, in the order of their SKUs, so that two who insert the same ones do not wait for each other.
 * @throws Problem `conflict` that names the SKUs that are taken
 */
export async function insertVariants(
  manager: EntityManager,
  variants: readonly Variant[],
  pointer: string,
): Promise<void> {
  if (variants.length === 0) {
    return;
  }
  const sorted = variants.toSorted((one, other) => (one.sku < other.sku ? -1 : 1));
  const { raw } = await manager
    .createQueryBuilder()
    .insert()
    .into(Variant)
    .values(sorted)
    .orIgnore()
    .returning('sku')
    .execute();
  // TypeORM leaves what a statement returns untyped.
  const inserted = new Set((raw as { sku: string }[]).map(({ sku }) => sku));
  const taken = sorted.filter(({ sku }) => !inserted.has(sku));
  if (taken.length > 0) {
    throw takenValue(
      pointer,
      'SKU',
      taken.map(({ sku }) => sku),
    );
  }
}
