// A PostgreSQL database with the large made-up catalog. Filling it with a million products takes long, so BENCH_KEEP=1
// leaves it for the next run.
import { createBenchDatabase, runSql } from './bench-database.mjs';
import { fillLargeCatalog } from './fill-large-catalog.mjs';

const FILLED = 'filled';

/**
 * Makes it, or takes the one that an earlier run has left; answers with how the app is started on it, and how to leave it.
 * @throws Error where an earlier run was ended before it had filled it
 */
export async function openLargeCatalog(size, log) {
  const database = await createBenchDatabase(`latchkey_bench_catalog_${size}`);
  if (database.isNew) {
    await fillLargeCatalog(database.environment, size, log);
    await runSql(database.url, `COMMENT ON DATABASE ${database.name} IS '${FILLED}'`);
  } else {
    await insistOnFilled(database);
    // Encrypted with the secret of that run.
    await runSql(database.url, 'DELETE FROM signing_keys');
  }
  await runSql(database.url, 'CHECKPOINT');
  return { ...database, close: () => (process.env.BENCH_KEEP ? database.leave() : database.drop()) };
}

async function insistOnFilled({ url, name }) {
  const [{ comment }] = await runSql(
    url,
    `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = '${name}'`,
  );
  if (comment !== FILLED) {
    throw new Error(`${name} was never filled to the end; drop it, and it is made again`);
  }
}
