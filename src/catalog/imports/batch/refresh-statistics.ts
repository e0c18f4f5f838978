import type { DataSource } from 'typeorm';
import { CHUNK_LINES } from '../staging/chunks.js';

// -1 before the first time.
const KNOWN_VARIANTS = `SELECT reltuples AS known FROM pg_class WHERE oid = 'variants'::regclass`;

/**
 * Tells the planner how a table has grown, where an import has written more than was there when it last looked. Without
 * that, it takes each product for one with thousands of categories, and reads all there are, until autovacuum has come by;
 * the embedded database has none. Asked for only before the chunks 1, 2, 4, 8 and so on, so it costs next to nothing.
 */
export async function refreshStatistics(dataSource: DataSource, chunkNumber: number): Promise<void> {
  if (!Number.isInteger(Math.log2(chunkNumber))) {
    return;
  }
  const [row] = await dataSource.query<{ known: number }[]>(KNOWN_VARIANTS);
  if (row && row.known < chunkNumber * CHUNK_LINES) {
    await dataSource.query('ANALYZE categories, product_categories, variants, products');
  }
}
