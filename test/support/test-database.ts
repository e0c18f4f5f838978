import { randomBytes } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** A migrated, empty database of one suite, and how to be rid of it. */
export interface TestDatabase {
  /** What the app has to be started with to use it. */
  readonly environment: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

const { TEST_FOLDER = '', DATABASE_URL, TEST_TEMPLATE_URL } = process.env;

/** Whether the suites run on a PostgreSQL server instead of the embedded database. */
export const onServer = DATABASE_URL !== undefined && DATABASE_URL !== '';

/** Copies the database that the global setup has migrated. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `latchkey_${randomBytes(6).toString('hex')}`;
  const dataDirectory = join(TEST_FOLDER, name);
  cpSync(join(TEST_FOLDER, 'template'), dataDirectory, { recursive: true });
  const removeFolder = () => rmSync(dataDirectory, { recursive: true, force: true });
  if (!DATABASE_URL || !TEST_TEMPLATE_URL) {
    return { environment: { DATA_DIR: dataDirectory }, drop: async () => removeFolder() };
  }
  const url = new URL(TEST_TEMPLATE_URL);
  const template = url.pathname.slice(1);
  url.pathname = `/${name}`;
  await runSql(DATABASE_URL, `CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  return {
    environment: { DATA_DIR: dataDirectory, DATABASE_URL: url.href },
    drop: async () => {
      removeFolder();
      await runSql(DATABASE_URL, `DROP DATABASE "${name}" WITH (FORCE)`);
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
