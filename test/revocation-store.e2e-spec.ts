import { NOTHING_SEEN, type Query, RevocationStore } from '../src/auth/tokens/revocation/revocation-store.js';
import { Housekeeping } from '../src/auth/housekeeping.js';
import { Settings } from '../src/config/settings.js';
import { DatabaseClock } from '../src/database/database-clock.js';
import { type TestApp, startTestApp } from './support/app.js';
import { TestClock } from './support/test-clock.js';

describe('revocations in the database', () => {
  let app: TestApp;
  let store: RevocationStore;
  const query: Query = async (sql, parameters) => app.database.query(sql, parameters);
  beforeAll(async () => {
    app = await startTestApp();
    store = app.nest.get(RevocationStore);
  });
  afterAll(() => app.close());
  beforeEach(() => app.database.query('DELETE FROM revocations'));

  const INSERT = `
    INSERT INTO revocations (id, reach, subject, expires_at, created_at)
    SELECT gen_random_uuid(), 'session', gen_random_uuid(), now() + interval '1 hour', now()
    FROM generate_series(1, $1)`;
  const revoke = (count: number): Promise<unknown> => app.database.query(INSERT, [count]);
  const unseenBy = async (snapshot: string): Promise<string[]> => {
    const subjects: string[] = [];
    for await (const batch of store.unseenBy(snapshot, query)) {
      subjects.push(...batch.map(({ subject }) => subject));
    }
    return subjects;
  };

  it.each([[0], [1], [1999], [2000], [2001], [4000], [5001]])(
    'are read once each in batches, when there are %d',
    async (count) => {
      await revoke(count);

      const subjects = await unseenBy(NOTHING_SEEN);

      expect(subjects).toHaveLength(count);
      expect(new Set(subjects).size).toBe(count);
    },
  );

  it('are read with all that they say', async () => {
    await app.database.query(
      `INSERT INTO revocations (id, reach, subject, version, expires_at, created_at)
       VALUES (gen_random_uuid(), 'user', '01a20b4b-ad7d-7257-9bbf-39ea02dddbb9', 7, '2099-01-01T00:00:00.123Z', now())`,
    );

    const { value } = await store.unseenBy(NOTHING_SEEN).next();

    expect(value).toEqual([
      {
        reach: 'user',
        subject: '01a20b4b-ad7d-7257-9bbf-39ea02dddbb9',
        version: 7,
        expiresAt: Date.UTC(2099, 0, 1, 0, 0, 0, 123),
      },
    ]);
  });

  it('are left out where a snapshot has seen them', async () => {
    await revoke(5);
    const snapshot = await store.snapshot(query);
    await revoke(7);

    expect(await unseenBy(snapshot)).toHaveLength(7);
    expect(await unseenBy(await store.snapshot(query))).toEqual([]);
  });

  it('are removed once they have expired by the clock of the database too: that of a process may be ahead', async () => {
    const clock = new TestClock();
    const { database } = app;
    const housekeeping = new Housekeeping(
      database,
      clock,
      new DatabaseClock(database),
      app.nest.get(Settings),
    );
    await revoke(2);
    await database.query(`
      UPDATE revocations SET expires_at = now() - interval '1 second'
      WHERE id = (SELECT id FROM revocations LIMIT 1)`);

    clock.advance({ hours: 2 });
    await housekeeping.clean();
    const whileAhead = await unseenBy(NOTHING_SEEN);
    clock.advance({ hours: -4 });
    await database.query(`UPDATE revocations SET expires_at = now() - interval '1 hour'`);
    await housekeeping.clean();
    const whileBehind = await database.query('SELECT FROM revocations');

    expect([whileAhead.length, whileBehind.length]).toEqual([1, 1]);
  });

  it('are not read once no token can need them', async () => {
    await revoke(3);

    app.clock.advance({ hours: 2 });

    expect(await unseenBy(NOTHING_SEEN)).toEqual([]);
  });
});
