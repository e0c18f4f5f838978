import type { EntityManager } from 'typeorm';
import { type PlannedProduct, currencyOf } from './planned-product.js';

// Each takes its rows as one JSON array. What a line leaves out is null in its row and stays as it is.
const INSERT_PRODUCTS = `
  INSERT INTO products (id, slug, title, description, brand, status, attributes, currency, created_at, updated_at, published_at)
  SELECT id, slug, title, coalesce(description, ''), brand, coalesce(status, 'draft'), coalesce(attributes, '{}'), currency,
    $2, $2, coalesce("publishedAt", CASE WHEN status = 'published' THEN $2::timestamptz END)
  FROM json_to_recordset($1) AS row (id uuid, slug text, title text, description text, brand text, status text,
    "publishedAt" timestamptz, attributes jsonb, currency text)`;

const UPDATE_PRODUCTS = `
  UPDATE products p SET slug = coalesce(row.slug, p.slug), title = row.title,
    description = coalesce(row.description, p.description),
    brand = CASE WHEN row."setsBrand" THEN row.brand ELSE p.brand END, status = coalesce(row.status, p.status),
    attributes = coalesce(row.attributes, p.attributes), currency = coalesce(row.currency, p.currency), updated_at = $2,
    published_at = coalesce(row."publishedAt", p.published_at, CASE WHEN row.status = 'published' THEN $2::timestamptz END)
  FROM json_to_recordset($1) AS row (id uuid, slug text, title text, description text, brand text, "setsBrand" boolean,
    status text, "publishedAt" timestamptz, attributes jsonb, currency text)
  WHERE p.id = row.id`;

const INSERT_MEMBERSHIPS = `
  INSERT INTO product_categories (product_id, category_id, position)
  SELECT "productId", "categoryId", position
  FROM json_to_recordset($1) AS row ("productId" uuid, "categoryId" uuid, position integer)`;

/** Inserts the products themselves; variants and categories come after them. */
export async function insertProducts(
  manager: EntityManager,
  products: readonly PlannedProduct[],
  now: Date,
): Promise<void> {
  await insertRows(manager, INSERT_PRODUCTS, products.map(rowOf), now);
}

/** Changes what the lines name of the products themselves. */
export async function updateProducts(
  manager: EntityManager,
  products: readonly PlannedProduct[],
  now: Date,
): Promise<void> {
  await insertRows(manager, UPDATE_PRODUCTS, products.map(rowOf), now);
}

/** Puts each product into the categories that its line names, and out of all others; `ids` are by full path. */
export async function assignCategories(
  manager: EntityManager,
  products: readonly PlannedProduct[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const named = products.filter(({ draft }) => draft.product.categories !== undefined);
  const known = named.filter(({ isNew }) => !isNew);
  if (known.length > 0) {
    await manager.query('DELETE FROM product_categories WHERE product_id = ANY ($1)', [
      known.map(({ id }) => id),
    ]);
  }
  const rows = named.flatMap(({ id: productId, draft }) =>
    [...new Set(draft.product.categories ?? [])].map((path, position) => ({
      productId,
      categoryId: idOf(path, ids),
      position,
    })),
  );
  await insertRows(manager, INSERT_MEMBERSHIPS, rows);
}

/** Runs a statement that takes rows as JSON, unless there are none. */
export async function insertRows(
  manager: EntityManager,
  statement: string,
  rows: readonly object[],
  ...more: readonly unknown[]
): Promise<void> {
  if (rows.length > 0) {
    await manager.query(statement, [JSON.stringify(rows), ...more]);
  }
}

function rowOf({ id, slug, draft }: PlannedProduct): object {
  const { title, description, brand, status, publishedAt, attributes } = draft.product;
  return {
    id,
    slug,
    title,
    description: description === null ? '' : description,
    brand,
    setsBrand: brand !== undefined,
    status,
    publishedAt,
    attributes: attributes === null ? {} : attributes,
    currency: currencyOf(draft),
  };
}

function idOf(path: string, ids: ReadonlyMap<string, string>): string {
  const id = ids.get(path);
  if (id === undefined) {
    throw new Error(`The category ${path} has not been made.`);
  }
  return id;
}
