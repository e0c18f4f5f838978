import type { EntityManager } from 'typeorm';
import { isUuid } from '../../http/uuid-param.pipe.js';
import { pointerTo, refuseFaults } from '../input/faults.js';

/**
 * The ids of categories that are named by id, slug or full path (`Electronics/Audio`), each once.
 * @throws Problem `validation-failed` that points at each unknown one, such as `/categories/0`
 */
export async function resolveCategories(
  manager: EntityManager,
  references: readonly string[],
): Promise<string[]> {
  if (references.length === 0) {
    return [];
  }
  const found = await manager.query<{ id: string; slug: string; path: string }[]>(
    'SELECT id, slug, path FROM categories WHERE id = ANY ($1) OR slug = ANY ($2) OR path = ANY ($2)',
    [references.filter(isUuid), references],
  );
  const ids = references.map(
    (reference) =>
      found.find(({ id }) => id === reference.toLowerCase()) ??
      found.find(({ slug }) => slug === reference) ??
      found.find(({ path }) => path === reference),
  );
  refuseFaults(
    ids.flatMap((category, index) =>
      category
        ? []
        : [{ pointer: pointerTo('categories', index), detail: 'is no id, slug or path of a category' }],
    ),
  );
  return [...new Set(ids.flatMap((category) => category?.id ?? []))];
}

/** Puts a product into these categories, in this order, and out of all others. */
export async function assignCategories(
  manager: EntityManager,
  productId: string,
  categoryIds: readonly string[],
): Promise<void> {
  await manager.query('DELETE FROM product_categories WHERE product_id = $1', [productId]);
  await manager.query(
    `INSERT INTO product_categories (product_id, category_id, position)
     SELECT $1, category_id, position - 1 FROM unnest($2::uuid[]) WITH ORDINALITY AS given (category_id, position)`,
    [productId, categoryIds],
  );
}
