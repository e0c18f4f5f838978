import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { loadSettings } from '../src/config/load-settings.js';
import { openDataSource } from '../src/database/open-data-source.js';
import { until } from './support/process.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

const ADD_ONE = 'UPDATE counters SET value = value + 1 WHERE id = 1';

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await openDataSource(loadSettings({ NODE_ENV: 'test', ...database.environment }));
  await dataSource.query('CREATE TABLE counters (id integer PRIMARY KEY, value integer NOT NULL)');
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

it.each(['\ufeffname', '\ufeff', '\ufeff\ufeff', '\ufffd', '🐌', ' a ', ''])(
  'the text %j is read as it was written',
  async (text) => {
    const [row]: { text: string; bytes: number }[] = await dataSource.query(
      'SELECT $1::text AS text, octet_length($1) AS bytes',
      [text],
    );

    expect(row).toEqual({ text, bytes: Buffer.byteLength(text) });
  },
);

describe('transactions side by side', () => {
  beforeEach(async () => {
    await dataSource.query('TRUNCATE counters');
    await dataSource.query('INSERT INTO counters VALUES (1, 0)');
  });

  const valueOf = async (id: number): Promise<number | undefined> => {
    const [row]: { value: number }[] = await dataSource.query('SELECT value FROM counters WHERE id = $1', [
      id,
    ]);
    return row?.value;
  };
  // TypeORM does not show its pool; every connection of the app comes out of it.
  const pool = (): Pool => Reflect.get(dataSource.driver, 'master');

  it('count to fifty when fifty add one at once', async () => {
    await times(50, () => dataSource.transaction((manager) => manager.query(ADD_ONE)));

    expect(await valueOf(1)).toBe(50);
  });

  it('lose no update when twenty read, think, and write at once', async () => {
    await times(20, () =>
      dataSource.transaction(async (manager) => {
        const [row]: { value: number }[] = await manager.query(
          'SELECT value FROM counters WHERE id = 1 FOR UPDATE',
        );
        await manager.query('UPDATE counters SET value = $1 WHERE id = 1', [Number(row?.value) + 1]);
      }),
    );

    expect(await valueOf(1)).toBe(20);
  });

  it('do not see what another has not committed', async () => {
    const { undone, beside } = await besideOpenTransaction(
      'UPDATE counters SET value = 99 WHERE id = 1',
      () => valueOf(1),
    );

    expect(undone).toBe('undone');
    expect(beside).toBe(0);
    expect(await valueOf(1)).toBe(0);
  });

  it('keep what they wrote when another is rolled back', async () => {
    await besideOpenTransaction('INSERT INTO counters VALUES (2, 2)', () =>
      dataSource.transaction((manager) => manager.query('INSERT INTO counters VALUES (3, 3)')),
    );

    expect(await valueOf(2)).toBeUndefined();
    expect(await valueOf(3)).toBe(3);
  });

  it('go on when another has failed and is not over yet', async () => {
    const { undone, beside } = await besideOpenTransaction('SELECT 1 / 0', () => valueOf(1));

    expect(undone).toBe('division by zero');
    expect(beside).toBe(0);
  });

  it('get their turn, all twenty, when the connection that they wait for is dropped', async () => {
    const dropped = await pool().connect();
    await dropped.query('BEGIN');
    await dropped.query('UPDATE counters SET value = 99 WHERE id = 1');
    const waiting = times(20, () => dataSource.transaction((manager) => manager.query(ADD_ONE)));

    dropped.release(new Error('lost'));
    await waiting;

    expect(await valueOf(1)).toBe(20);
  });

  it('hear of it when their connection is dropped in the midst of a statement', async () => {
    const dropped = await pool().connect();
    const statement = dropped.query('SELECT count(*) FROM generate_series(1, 500000)');

    dropped.release(new Error('lost'));

    await expect(statement).rejects.toThrow('Connection terminated');
    expect(await valueOf(1)).toBe(0);
  });

  it('find nothing of the session of a connection that was dropped', async () => {
    const dropped = await pool().connect();
    await dropped.query(`SET work_mem = '77MB'`);
    await dropped.query(`SET TimeZone = 'Asia/Tokyo'`);
    await dropped.query('SELECT pg_advisory_lock(4711)');
    await dropped.query('CREATE TEMPORARY TABLE leftovers (id integer)');
    await dropped.query('LISTEN gossip');
    await dropped.query({ name: 'question', text: 'SELECT $1::integer AS answer', values: [1] });

    dropped.release(new Error('lost'));
    await until(async () => (await lockCount()) === 0, 2000);
    const next = await pool().connect();
    const { rows } = await next.query(
      `SELECT current_setting('work_mem') <> '77MB' AS "memoryIsReset", current_setting('TimeZone') AS "timeZone",
         to_regclass('leftovers') AS "leftovers", (SELECT count(*)::integer FROM pg_listening_channels()) AS "channels"`,
    );
    const answer = await next.query({ name: 'question', text: 'SELECT $1::text AS answer', values: ['two'] });
    next.release();

    expect(rows).toEqual([{ memoryIsReset: true, timeZone: 'UTC', leftovers: null, channels: 0 }]);
    expect(answer.rows).toEqual([{ answer: 'two' }]);
  });

  const lockCount = async (): Promise<number> => {
    const [row]: { count: number }[] = await dataSource.query(
      `SELECT count(*)::integer AS count FROM pg_locks JOIN pg_database ON pg_database.oid = database
       WHERE locktype = 'advisory' AND datname = current_database()`,
    );
    return Number(row?.count);
  };
});

async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work));
}

/**
 * Runs a statement in a transaction that is never committed, and meanwhile something else: a server answers that at
 * once, the embedded database (which has one connection) when the transaction is over.
 */
async function besideOpenTransaction<T>(
  statement: string,
  work: () => Promise<T>,
): Promise<{ undone: string; beside: T }> {
  const { promise: begun, resolve: begin } = deferred();
  const { promise: finished, resolve: finish } = deferred();
  const transaction = dataSource.transaction(async (manager) => {
    const outcome: unknown = await manager.query(statement).catch((error: unknown) => error);
    begin();
    await Promise.race([finished, pause(100)]);
    throw outcome instanceof Object && 'message' in outcome ? outcome : new Error('undone');
  });
  const undone = transaction.then(
    () => 'committed',
    (error: Error) => error.message,
  );
  await begun;
  const beside = await work();
  finish();
  return { undone: await undone, beside };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
