import type { EntityManager } from 'typeorm';
import {
  DIFFERING_COUNTS,
  DIFFERING_DOCUMENTS,
  DIFFERING_PATHS,
  LIVING_OLD_SLUGS,
  NEXT_IDS,
} from './catalog-check.sql.js';
import { type DocumentRow, documentDifferences } from './document-differences.js';

/** Is told each difference in a line, such as `product <id>: slug: "a" instead of "b"`. */
export type ReportDifference = (line: string) => void;

/** Products that are compared at once: what the check holds in memory at most. */
const BATCH = 200;

interface DifferingDocument {
  readonly id: string;
  readonly expected: DocumentRow | null;
  readonly found: DocumentRow | null;
}

interface DifferingCategory {
  readonly slug: string;
  readonly expected: string | number;
  readonly found: string | number;
}

/**
 * Compares what is read with what was written: every document with its product, and what is kept beside them. Each
 * batch is one statement, so it may run while the shop does. Answers with how many products it has compared.
 */
export async function checkCatalog(manager: EntityManager, report: ReportDifference): Promise<number> {
  let compared = 0;
  let ids = await nextIds(manager, null);
  while (ids.length > 0) {
    const rows = await manager.query<DifferingDocument[]>(DIFFERING_DOCUMENTS, [ids]);
    for (const { id, expected, found } of rows) {
      documentDifferences(expected, found).forEach((what) => report(`product ${id}: ${what}`));
    }
    compared += ids.length;
    ids = await nextIds(manager, ids.at(-1) ?? null);
  }
  await checkCategories(manager, report);
  return compared;
}

async function nextIds(manager: EntityManager, after: string | null): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(NEXT_IDS, [after, BATCH]);
  return rows.map(({ id }) => id);
}

async function checkCategories(manager: EntityManager, report: ReportDifference): Promise<void> {
  for (const { slug, expected, found } of await manager.query<DifferingCategory[]>(DIFFERING_COUNTS)) {
    report(`category ${slug}: counts ${found} products instead of ${expected}`);
  }
  for (const { slug, expected, found } of await manager.query<DifferingCategory[]>(DIFFERING_PATHS)) {
    report(`category ${slug}: path or lineage of "${found}" instead of "${expected}"`);
  }
  for (const { slug } of await manager.query<{ slug: string }[]>(LIVING_OLD_SLUGS)) {
    report(`old slug ${slug}: is a present one, too`);
  }
}
