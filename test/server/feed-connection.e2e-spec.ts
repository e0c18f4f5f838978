import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { PostgresRevocationFeed } from '../../src/auth/tokens/revocation/postgres-revocation-feed.js';
import type { Revocation } from '../../src/auth/tokens/revocation/revocation.js';
import {
  NOTHING_SEEN,
  type Query,
  RevocationStore,
} from '../../src/auth/tokens/revocation/revocation-store.js';
import { TokenBlacklist } from '../../src/auth/tokens/revocation/token-blacklist.js';
import { loadSettings } from '../../src/config/load-settings.js';
import type { Settings } from '../../src/config/settings.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { until } from '../support/process.js';
import { SilenceableProxy } from '../support/silenceable-proxy.js';
import { TestClock } from '../support/test-clock.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

const APPLICATION = 'latchkey revocations';

/** Lets a test hold up the reading of the table. */
class HeldStore extends RevocationStore {
  /** Reading waits for it. */
  private gate = Promise.resolve();
  /** How many readings have begun. */
  begun = 0;

  /** Keeps the next readings waiting until what it answers with is called. */
  holdBack(): () => void {
    let letGo = (): void => {};
    this.gate = new Promise((resolve) => (letGo = resolve));
    return letGo;
  }

  override async *unseenBy(snapshot: string, query?: Query): AsyncGenerator<Revocation[]> {
    this.begun++;
    await this.gate;
    yield* super.unseenBy(snapshot, query);
  }
}

describe('the connection of the revocation feed', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let proxy: SilenceableProxy;
  let settings: Settings;
  let clock: TestClock;
  let store: HeldStore;
  let blacklist: TokenBlacklist;
  let feed: PostgresRevocationFeed;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await openDataSource(loadSettings({ NODE_ENV: 'test', ...database.environment }));
    proxy = await SilenceableProxy.start(database.environment['DATABASE_URL'] ?? '');
    settings = loadSettings({ NODE_ENV: 'test', ...database.environment, DATABASE_URL: proxy.url });
    clock = new TestClock();
    store = new HeldStore(dataSource, clock);
    blacklist = new TokenBlacklist(settings, clock);
    feed = new PostgresRevocationFeed(settings, clock, store, blacklist);
  });
  afterEach(async () => {
    await feed.onApplicationShutdown();
    await proxy.close();
    await dataSource.destroy();
    await database.drop();
  });

  const connections = async (): Promise<number> => {
    const [row]: [{ count: number }] = await dataSource.query(
      `SELECT count(*)::integer AS count FROM pg_stat_activity
       WHERE application_name = '${APPLICATION}' AND datname = current_database()`,
    );
    return row.count;
  };
  const connectionsBecome = async (count: number): Promise<number> =>
    until(async () => (await connections()) === count, 5000);
  const shutDownTime = async (): Promise<number> => {
    const begin = performance.now();
    await feed.onApplicationShutdown();
    return performance.now() - begin;
  };

  it('is gone after the shutdown', async () => {
    await feed.onModuleInit();
    await connectionsBecome(1);

    await feed.onApplicationShutdown();

    await connectionsBecome(0);
  });

  it('is not left behind when the start fails', async () => {
    await dataSource.query('ALTER TABLE revocations RENAME TO elsewhere');

    await expect(feed.onModuleInit()).rejects.toThrow('relation "revocations" does not exist');

    await connectionsBecome(0);
  });

  it('is one, however often it is cut', async () => {
    await feed.onModuleInit();
    const sizes: number[] = [];

    for (let times = 0; times < 10; times++) {
      await until(() => {
        sizes.push(proxy.size);
        return proxy.cut(APPLICATION) === 1;
      }, 5000);
    }
    await until(() => feed.isFresh() && proxy.size === 1, 5000);

    expect(Math.max(...sizes)).toBe(1);
    await connectionsBecome(1);
  });

  it('does not make memory fresh again before the table has been read', async () => {
    await feed.onModuleInit();
    const open = store.holdBack();

    proxy.cut(APPLICATION);
    await until(() => store.begun === 2, 5000);
    clock.advance({ seconds: 11 });
    const meanwhile = feed.isFresh();
    // It is lost once more, while the table is still being read.
    proxy.cut(APPLICATION);
    open();
    await until(() => feed.isFresh(), 5000);

    expect(meanwhile).toBe(false);
    expect(store.begun).toBe(3);
    await connectionsBecome(1);
  });

  it('lets memory grow stale when the machine was suspended, whose monotonic clock stood still', async () => {
    await feed.onModuleInit();
    const before = feed.isFresh();

    clock.advance({ seconds: 11 });

    expect([before, feed.isFresh()]).toEqual([true, false]);
  });

  describe('when the clock of the process was ahead, and is set back', () => {
    const session = '01a20b4b-ad7d-7257-9bbf-39ea02dddbb9';
    const token = { jti: session, sid: session, sub: session, ver: 1 };
    beforeEach(() =>
      dataSource.query(
        `INSERT INTO revocations (id, reach, subject, expires_at, created_at)
         VALUES (gen_random_uuid(), 'session', $1, now() + interval '10 minutes', now())`,
        [session],
      ),
    );

    it('gives memory back what it had forgotten, and does not call it fresh before', async () => {
      await feed.onModuleInit();
      const open = store.holdBack();

      clock.step({ minutes: 20 });
      const whileAhead = blacklist.isRevoked(token);
      clock.step({ minutes: -20 });
      const meanwhile = feed.isFresh();
      open();
      await until(() => feed.isFresh(), 5000);

      expect([whileAhead, meanwhile]).toEqual([false, false]);
      expect(blacklist.isRevoked(token)).toBe(true);
      await connectionsBecome(1);
    });

    it('says so once, however many ask meanwhile', async () => {
      const warnings = jest.spyOn(Logger.prototype, 'warn');
      await feed.onModuleInit();
      const open = store.holdBack();
      clock.step({ minutes: 20 });
      blacklist.isRevoked(token);

      clock.step({ minutes: -20 });
      const meanwhile = [feed.isFresh(), feed.isFresh()];
      open();
      await until(() => feed.isFresh(), 5000);
      const said = warnings.mock.calls.map(([line]) => line);
      warnings.mockRestore();

      expect(meanwhile).toEqual([false, false]);
      expect(said).toEqual(['The clock was set back: all revocations are read anew']);
    });

    it('gives it what was left out when it started', async () => {
      clock.step({ minutes: 20 });
      await feed.onModuleInit();

      clock.step({ minutes: -20 });
      const meanwhile = feed.isFresh();
      await until(() => feed.isFresh(), 5000);

      expect(meanwhile).toBe(false);
      expect(blacklist.isRevoked(token)).toBe(true);
    });

    it('does not take for whole what was being read meanwhile', async () => {
      await feed.onModuleInit();
      const open = store.holdBack();
      clock.step({ minutes: 20 });
      proxy.cut(APPLICATION);
      await until(() => store.begun === 2, 5000);

      clock.step({ minutes: -20 });
      const meanwhile = feed.isFresh();
      open();
      await until(() => feed.isFresh(), 5000);

      expect(meanwhile).toBe(false);
      expect(blacklist.isRevoked(token)).toBe(true);
      await connectionsBecome(1);
    });

    it('does not call it fresh either where the connection is lost before anybody asks', async () => {
      await feed.onModuleInit();
      const open = store.holdBack();
      clock.step({ minutes: 20 });
      blacklist.isRevoked(token);

      clock.step({ minutes: -20 });
      proxy.cut(APPLICATION);
      await until(() => store.begun === 2, 5000);
      const meanwhile = feed.isFresh();
      open();
      await until(() => feed.isFresh(), 5000);

      expect(meanwhile).toBe(false);
      expect(blacklist.isRevoked(token)).toBe(true);
    });

    it('reads nothing anew where it is set back by as little as clocks may differ', async () => {
      await feed.onModuleInit();

      clock.step({ seconds: 5 });
      const before = feed.isFresh();
      clock.step({ seconds: -5 });

      expect([before, feed.isFresh()]).toEqual([true, true]);
      expect(store.begun).toBe(1);
    });
  });

  it.each([
    ['is silent', () => proxy.silenceAll()],
    [
      'is being made anew, in vain',
      () => {
        proxy.cut(APPLICATION);
        proxy.silenceAll();
      },
    ],
  ])('does not hold up a shutdown when it %s', async (_, disturb) => {
    await feed.onModuleInit();
    disturb();
    await until(() => proxy.size === 1, 5000);

    const milliseconds = await shutDownTime();

    expect(milliseconds).toBeLessThan(1000);
  });

  it('misses no transaction that began before a question and is committed after it', async () => {
    const query: Query = async (sql, parameters) => dataSource.query(sql, parameters);
    const insert = `
      INSERT INTO revocations (id, reach, subject, expires_at, created_at)
      VALUES (gen_random_uuid(), 'session', gen_random_uuid(), now() + interval '1 hour', now())`;
    const countUnseenBy = async (snapshot: string): Promise<number> => {
      let count = 0;
      for await (const batch of store.unseenBy(snapshot, query)) {
        count += batch.length;
      }
      return count;
    };
    const early = dataSource.createQueryRunner();
    await early.startTransaction();
    await early.query(insert);
    await query(insert);
    await query(insert);

    const snapshot = await store.snapshot(query);
    const before = await countUnseenBy(NOTHING_SEEN);
    await early.commitTransaction();
    await early.release();
    const after = await countUnseenBy(snapshot);

    expect([before, after]).toEqual([2, 1]);
  });
});
