// A PostgreSQL database of its own for one benchmark, still without tables.
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const SERVER_URL = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Makes it, unless it is there; answers with how the app is started on it, and how to leave it or be rid of it. */
export async function createBenchDatabase(name = `latchkey_bench_${process.pid}`) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const [known] = await runSql(SERVER_URL, `SELECT FROM pg_database WHERE datname = '${name}'`);
  if (known === undefined) {
    await runSql(SERVER_URL, `CREATE DATABASE ${name}`);
  }
  const leave = () => rmSync(folder, { recursive: true, force: true });
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  return {
    name,
    isNew: known === undefined,
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
    leave,
    drop: async () => {
      await runSql(SERVER_URL, `DROP DATABASE ${name} WITH (FORCE)`);
      leave();
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
