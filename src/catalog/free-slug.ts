import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** The highest number behind a slug. Whoever needs a higher one gets random digits: each number is looked up. */
const MAX_NUMBER = 5000;

type Table = 'products' | 'categories';

/** Old slugs that lead to the present ones. A number that makes one of them is not free: the link would lead elsewhere. */
const OLD_SLUGS = { products: 'old_product_slugs', categories: 'old_category_slugs' } as const;

// Counts on from 1 until so many are free as are wanted. They are counted since EXISTS might be answered from the whole table;
// OFFSET 0 keeps the look-ups from being done anew wherever "isFree" stands.
const freeNumbers = (table: Table): string => `
  WITH RECURSIVE tried AS (
    SELECT base, wanted, 0 AS number, false AS "isFree", 0 AS found
    FROM json_to_recordset($1) AS row (base text, wanted integer)
    UNION ALL
    SELECT base, wanted, next.number, next."isFree", found + next."isFree"::integer
    FROM tried,
      LATERAL (SELECT CASE number WHEN 0 THEN base ELSE base || '-' || (number + 1) END AS slug) candidate,
      LATERAL (
        SELECT number + 1 AS number, slug <> ALL ($2)
          AND (SELECT count(*) FROM ${table} other WHERE other.slug = candidate.slug) = 0
          AND (number = 0 OR (slug <> ALL ($3)
            AND (SELECT count(*) FROM ${OLD_SLUGS[table]} old WHERE old.slug = candidate.slug) = 0)) AS "isFree" OFFSET 0
      ) next
    WHERE found < wanted AND tried.number < ${MAX_NUMBER}
  )
  SELECT base, array_agg(number ORDER BY number) AS numbers FROM tried WHERE "isFree" GROUP BY base`;

/**
 * `base`, or `base` with the lowest number behind it that is free where that is taken: `shoe`, `shoe-2`, `shoe-3`.
 * Somebody else may take it before the caller does.
 */
export async function freeSlug(manager: EntityManager, table: Table, base: string): Promise<string> {
  const [slug = withRandomDigits(base)] = await freeSlugs(manager, table, [base], []);
  return slug;
}

/** The same for many at once: none that is in `taken`, and none with a number that is the base of another. */
export async function freeSlugs(
  manager: EntityManager,
  table: Table,
  bases: readonly string[],
  taken: readonly string[],
): Promise<string[]> {
  if (bases.length === 0) {
    return [];
  }
  const wanted = new Map<string, number>();
  bases.forEach((base) => wanted.set(base, (wanted.get(base) ?? 0) + 1));
  const rows = await manager.query<{ base: string; numbers: number[] }[]>(freeNumbers(table), [
    JSON.stringify([...wanted].map(([base, count]) => ({ base, wanted: count }))),
    taken,
    [...wanted.keys()],
  ]);
  const left = new Map(rows.map(({ base, numbers }) => [base, numbers.values()]));
  return bases.map((base) => {
    const number = left.get(base)?.next().value;
    if (number === undefined) {
      return withRandomDigits(base);
    }
    return number === 1 ? base : `${base}-${number}`;
  });
}

/** A slug that nobody else has. */
export function withRandomDigits(base: string): string {
  return `${base}-${randomBytes(8).toString('hex')}`;
}
