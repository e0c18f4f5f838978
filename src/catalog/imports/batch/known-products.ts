import type { EntityManager } from 'typeorm';

/** An SKU that is there, whose it is, and on which line of this import it was, if it was. */
export interface OwnedSku {
  readonly sku: string;
  readonly productId: string;
  readonly seenOnLine: number | null;
}

/** What an import must know of a product that is there. */
export interface ProductState {
  readonly skus: ReadonlySet<string>;
  /** The SKUs of those variants that have a `compareAtPrice`. */
  readonly reducedSkus: ReadonlySet<string>;
  readonly currency: string | null;
}

/** Who has these SKUs. */
export async function ownersOf(
  manager: EntityManager,
  importId: string,
  skus: readonly string[],
): Promise<Map<string, OwnedSku>> {
  const rows = await manager.query<OwnedSku[]>(
    `SELECT sku, product_id AS "productId", CASE WHEN import_id = $2 THEN import_line END AS "seenOnLine"
     FROM variants WHERE sku = ANY ($1)`,
    [skus, importId],
  );
  return new Map(rows.map((row) => [row.sku, row]));
}

/** The products that have these slugs. */
export async function productsBySlug(
  manager: EntityManager,
  slugs: readonly string[],
): Promise<Map<string, string>> {
  const rows = await manager.query<{ id: string; slug: string }[]>(
    'SELECT id, slug FROM products WHERE slug = ANY ($1)',
    [slugs],
  );
  return new Map(rows.map(({ id, slug }) => [slug, id]));
}

/** Locks products, in the order of their ids so that two who lock the same ones never wait in a circle. */
export async function lockStates(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, ProductState>> {
  if (ids.length === 0) {
    return new Map();
  }
  await manager.query('SELECT 1 FROM products WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [ids]);
  const rows = await manager.query<
    { id: string; currency: string | null; skus: string[]; reducedSkus: string[] }[]
  >(
    `SELECT p.id, p.currency, ARRAY(SELECT v.sku::text FROM variants v WHERE v.product_id = p.id) AS skus,
       ARRAY(SELECT v.sku::text FROM variants v WHERE v.product_id = p.id AND v.compare_at_price IS NOT NULL) AS "reducedSkus"
     FROM products p WHERE p.id = ANY ($1)`,
    [ids],
  );
  return new Map(
    rows.map(({ id, currency, skus, reducedSkus }) => [
      id,
      { currency, skus: new Set(skus), reducedSkus: new Set(reducedSkus) },
    ]),
  );
}
