// A PostgreSQL database with the large made-up catalog. Filling it with a million products takes long, so BENCH_KEEP=1
// leaves it for the next run.
import { createBenchDatabase, runSql } from './bench-database.mjs';
import { fillLargeCatalog } from './fill-large-catalog.mjs';

/** Makes it, or takes the one that an earlier run has left; answers with how the app is started on it, and how to leave it. */
export async function openLargeCatalog(size, log) {
  const database = await createBenchDatabase(`latchkey_bench_catalog_${size}`);
  if (database.isNew) {
    await fillLargeCatalog(database.environment, size, log);
  } else {
    // Encrypted with the secret of that run.
    await runSql(database.url, 'DELETE FROM signing_keys');
  }
  await runSql(database.url, 'CHECKPOINT');
  return { ...database, close: () => (process.env.BENCH_KEEP ? database.leave() : database.drop()) };
}
