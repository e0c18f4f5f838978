import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { RESERVED_SLUGS } from '../../products/insert-product.js';
import { slugFrom } from '../../slug.js';

const HIGHEST = `
  SELECT base, bool_or(slug = base) AS "isTaken",
    max(substring(slug FROM length(base) + 2)::bigint) FILTER (WHERE substring(slug FROM length(base) + 2) ~ '^[1-9][0-9]{0,8}$') AS highest
  FROM unnest($1::text[]) AS base
  JOIN products ON slug >= base AND slug < base || '.' AND (slug = base OR slug LIKE base || '-%')
  GROUP BY base`;

/**
 * A slug for each title, by the rule of `freeSlug`, all at once: none that is in the table, in `taken`, or given to
 * another title.
 */
export async function freeSlugs(
  manager: EntityManager,
  titles: readonly string[],
  taken: ReadonlySet<string>,
): Promise<string[]> {
  const bases = titles.map(baseFor);
  const rows = await manager.query<{ base: string; isTaken: boolean; highest: string | null }[]>(HIGHEST, [
    [...new Set(bases)],
  ]);
  const next = new Map(
    rows.map(({ base, isTaken, highest }) => [base, isTaken ? Math.max(Number(highest ?? 1), 1) + 1 : 1]),
  );
  const given = new Set(taken);
  return bases.map((base) => {
    let number = next.get(base) ?? 1;
    while (given.has(numbered(base, number))) {
      number++;
    }
    next.set(base, number + 1);
    const slug = numbered(base, number);
    given.add(slug);
    return slug;
  });
}

function numbered(base: string, number: number): string {
  return number === 1 ? base : `${base}-${number}`;
}

// A title without a Latin letter or digit gets random digits.
function baseFor(title: string): string {
  const slug = slugFrom(title) || `product-${v7().slice(-12)}`;
  return RESERVED_SLUGS.includes(slug) ? `${slug}-product` : slug;
}
