import type { EntityManager } from 'typeorm';
import { freeSlug, withRandomDigits } from '../free-slug.js';
import { takenValue } from '../input/faults.js';
import { slugFrom } from '../slug.js';
import { Product } from './product.entity.js';

/** Last parts of `/v1/products/…` that are routes of their own. */
export const RESERVED_SLUGS: readonly string[] = ['suggest'];

// Each failure means that somebody else has just taken the slug, so even one retry is rare.
const ATTEMPTS = 50;

/**
 * Inserts a product under the slug that a client chose.
 * @throws Problem `conflict` when it is taken
 */
export async function insertUnderSlug(manager: EntityManager, product: Product): Promise<void> {
  if (!(await insertUnlessTaken(manager, product))) {
    throw takenValue('/slug', 'slug', [product.slug]);
  }
}

/** Inserts a product under a slug made from its title, with a number where that is taken; `product.slug` is set. */
export async function insertUnderFreeSlug(manager: EntityManager, product: Product): Promise<void> {
  const base = slugBase(product);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    product.slug = await freeSlug(manager, 'products', base);
    if (await insertUnlessTaken(manager, product)) {
      return;
    }
  }
  product.slug = withRandomDigits(base);
  await insertUnderSlug(manager, product);
}

/** What a slug is made from: the title, or the random end of the product's id where that has no Latin letter or digit. */
export function slugBase({ id, title }: Pick<Product, 'id' | 'title'>): string {
  const slug = slugFrom(title) || `product-${id.slice(-12)}`;
  return RESERVED_SLUGS.includes(slug) ? `${slug}-product` : slug;
}

// ON CONFLICT waits for a transaction that has the slug but not yet committed, and does not end ours.
async function insertUnlessTaken(manager: EntityManager, product: Product): Promise<boolean> {
  const { raw } = await manager
    .createQueryBuilder()
    .insert()
    .into(Product)
    .values(product)
    .orIgnore()
    .returning('id')
    .execute();
  return Array.isArray(raw) && raw.length === 1;
}
