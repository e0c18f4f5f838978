// A PostgreSQL database of its own for one benchmark, still without tables.
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const SERVER_URL = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Makes it; answers with how the app is started on it and how to be rid of it. */
export async function createBenchDatabase() {
  const name = `latchkey_bench_${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  await runSql(SERVER_URL, `CREATE DATABASE ${name}`);
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    environment: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      DATA_DIR: folder,
      DATABASE_URL: url.href,
      KEY_ENCRYPTION_SECRET: randomBytes(32).toString('base64'),
      THROTTLE_LIMIT: '10000000',
      THROTTLE_AUTH_LIMIT: '10000000',
      THROTTLE_ACCOUNT_LIMIT: '10000000',
    },
    drop: async () => {
      await runSql(SERVER_URL, `DROP DATABASE ${name} WITH (FORCE)`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one statement on a connection of its own; answers with its rows. */
export async function runSql(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
