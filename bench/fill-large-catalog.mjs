// Fills a PostgreSQL database with the large made-up catalog.
// Documents are written by the statements of the app itself; GIN indexes are built when all is there.
import 'reflect-metadata';
import { v7 } from 'uuid';
import { rebuildTree } from '../dist/catalog/categories/category-paths.js';
import { ProductDocuments } from '../dist/catalog/documents/product-documents.js';
import { insertCategories, insertProducts } from '../dist/catalog/loading/insert-catalog.js';
import { loadSettings } from '../dist/config/load-settings.js';
import { openDataSource } from '../dist/database/open-data-source.js';
import { runSql } from './bench-database.mjs';
import { largeCategories, largeProduct } from './large-catalog.mjs';

const BATCH = 2000;
const WRITERS = 2;
/** After so many products the planner is told of them: by what it knows of an empty table it reads all of it again and again. */
const ANALYSED_EACH = 20_000;

/** Fills a database that has no tables yet with so many products; `log` is told how far it is. */
export async function fillLargeCatalog(environment, count, log) {
  const dataSource = await openDataSource(loadSettings(environment));
  try {
    const categories = largeCategories();
    const ids = new Map(categories.map(({ slug }) => [slug, v7()]));
    await insertCategories(dataSource.manager, categories, ids, new Date(0));
    await rebuildTree(dataSource.manager);
    const indexes = await dropGinIndexes(dataSource);
    const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, n) => n * BATCH).values();
    await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        for (const start of batches) {
          await dataSource.transaction((manager) => writeBatch(manager, start, Math.min(count, start + BATCH), ids));
          if (start % ANALYSED_EACH === 0) {
            await dataSource.query('ANALYZE');
            log(`${new Date().toISOString()} ${start} products`);
          }
        }
      }),
    );
    log(`${new Date().toISOString()} indexes`);
    await dataSource.transaction(async (manager) => {
      await manager.query("SET LOCAL maintenance_work_mem = '1GB'");
      for (const index of indexes) {
        await manager.query(index);
      }
    });
  } finally {
    await dataSource.destroy();
  }
  await runSql(environment.DATABASE_URL, 'VACUUM ANALYZE');
} // prettier-ignore

async function writeBatch(manager, start, end, idsOfCategories) {
  await manager.query('SET LOCAL synchronous_commit = off');
  const products = Array.from({ length: end - start }, (_, index) => largeProduct(start + index));
  const ids = new Map(products.map(({ slug }) => [slug, v7()]));
  await insertProducts(manager, products, ids, idsOfCategories);
  await new ProductDocuments().renew(manager, [...ids.values()]);
}

async function dropGinIndexes(dataSource) {
  const rows = await dataSource.query(
    `SELECT indexname, indexdef FROM pg_indexes
     WHERE schemaname = 'public' AND indexdef LIKE '%USING gin%' AND tablename LIKE ANY ('{product_%,search_%}')`,
  );
  for (const { indexname } of rows) {
    await dataSource.query(`DROP INDEX ${indexname}`);
  }
  return rows.map(({ indexdef }) => indexdef);
}
