// Makes one migrated database that every suite gets a copy of: a data folder, or a template database on the server.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** Each suite copies a data folder of 40 MB: in memory that is quicker, where there is plenty of it. */
const SHARED_MEMORY = '/dev/shm';
const PLENTY = 2 ** 32;

function roomInMemory() {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return bavail * bsize > PLENTY;
  } catch (error) {
    if (error.code === 'ENOENT') {
      return false;
    }
    throw error;
  }
}

export default async function setUp() {
  const folder = mkdtempSync(join(roomInMemory() ? SHARED_MEMORY : tmpdir(), 'latchkey-tests-'));
  process.env.TEST_FOLDER = folder;
  const environment = { ...process.env, NODE_ENV: 'test', DATA_DIR: join(folder, 'template') };
  if (process.env.DATABASE_URL) {
    const template = new URL(process.env.DATABASE_URL);
    template.pathname = `/latchkey_template_${process.pid}`;
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    await client.query(`CREATE DATABASE "${template.pathname.slice(1)}"`);
    await client.end();
    process.env.TEST_TEMPLATE_URL = environment.DATABASE_URL = template.href;
  }
  const migrated = spawnSync(process.execPath, ['dist/commands/migrate.js'], {
    env: environment,
    encoding: 'utf8',
  });
  if (migrated.status !== 0) {
    throw new Error(`the test database could not be made:\n${migrated.stderr}`);
  }
}
