import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { LoadedCategory, LoadedProduct } from './loaded-catalog.js';

/** Ids by slug. */
type Ids = ReadonlyMap<string, string>;

// Each takes its rows as one JSON array, the categories the time as well. `lineage` and `path` are written afterwards.
const CATEGORIES = `
  INSERT INTO categories (id, parent_id, name, slug, description, position, lineage, path, created_at, updated_at)
  SELECT id, "parentId", name, slug, description, position, '{}', '', $2, $2
  FROM json_to_recordset($1) AS row (id uuid, "parentId" uuid, name text, slug text, description text, position integer)`;

const PRODUCTS = `
  INSERT INTO products (id, slug, title, description, brand, status, attributes, currency, created_at, updated_at, published_at)
  SELECT id, slug, title, description, brand, status, attributes, currency, "createdAt", "createdAt", "publishedAt"
  FROM json_to_recordset($1) AS row (id uuid, slug text, title text, description text, brand text, status text,
    attributes jsonb, currency text, "createdAt" timestamptz, "publishedAt" timestamptz)`;

const MEMBERSHIPS = `
  INSERT INTO product_categories (product_id, category_id, position)
  SELECT "productId", "categoryId", position
  FROM json_to_recordset($1) AS row ("productId" uuid, "categoryId" uuid, position integer)`;

const VARIANTS = `
  INSERT INTO variants (id, product_id, sku, title, price, compare_at_price, stock, options, position)
  SELECT id, "productId", sku, title, price, "compareAtPrice", stock, options, position
  FROM json_to_recordset($1) AS row (id uuid, "productId" uuid, sku text, title text, price bigint,
    "compareAtPrice" bigint, stock integer, options jsonb, position integer)`;

/** Inserts categories under the given ids. @throws Error for a parent that is not among them */
export async function insertCategories(
  manager: EntityManager,
  categories: readonly LoadedCategory[],
  ids: Ids,
  now: Date,
): Promise<void> {
  const rows = categories.map((category) => ({
    ...category,
    id: idOf(category.slug, ids),
    parentId: category.parentSlug === null ? null : idOf(category.parentSlug, ids),
  }));
  await manager.query(CATEGORIES, [JSON.stringify(rows), now]);
}

/** Inserts products under the given ids, with their variants and categories. @throws Error for an unknown category */
export async function insertProducts(
  manager: EntityManager,
  products: readonly LoadedProduct[],
  ids: Ids,
  idsOfCategories: Ids,
): Promise<void> {
  const rows = products.map((product) => ({
    ...product,
    id: idOf(product.slug, ids),
    currency: product.variants[0]?.price.currency,
  }));
  const memberships = rows.flatMap(({ id, categorySlugs }) =>
    categorySlugs.map((slug, position) => ({
      productId: id,
      categoryId: idOf(slug, idsOfCategories),
      position,
    })),
  );
  const variants = rows.flatMap(({ id: productId, variants: list }) =>
    list.map((variant, position) => ({
      ...variant,
      id: v7(),
      productId,
      price: variant.price.amount,
      compareAtPrice: variant.compareAtPrice?.amount,
      position,
    })),
  );
  await manager.query(PRODUCTS, [JSON.stringify(rows)]);
  await manager.query(MEMBERSHIPS, [JSON.stringify(memberships)]);
  await manager.query(VARIANTS, [JSON.stringify(variants)]);
}

function idOf(slug: string, ids: Ids): string {
  const id = ids.get(slug);
  if (id === undefined) {
    throw new Error(`The catalog to load has nothing with the slug ${slug}.`);
  }
  return id;
}
