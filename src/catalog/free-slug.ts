import type { EntityManager } from 'typeorm';

/**
 * `base`, or `base` with the next number behind it where that is taken: `shoe`, `shoe-2`, `shoe-3`.
 * Somebody else may take it before the caller does.
 */
export async function freeSlug(
  manager: EntityManager,
  table: 'products' | 'categories',
  base: string,
): Promise<string> {
  const [found] = await manager.query<{ isTaken: boolean; highest: string | null }[]>(
    `SELECT coalesce(bool_or(slug = $1), false) AS "isTaken", max(substring(slug FROM $2 || '-([1-9][0-9]{0,8})$')::bigint) AS highest
     FROM ${table} WHERE slug = $1 OR slug LIKE $1 || '-%'`,
    [base, `^${base}`],
  );
  return found?.isTaken ? `${base}-${Math.max(Number(found.highest ?? 1), 1) + 1}` : base;
}
