import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Settings } from '../../../config/settings.js';
import { MovableClock } from '../../../time/movable-clock.js';
import { EmbeddedRevocationFeed } from './embedded-revocation-feed.js';
import type { Revocation } from './revocation.js';
import type { RevocationStore } from './revocation-store.js';
import { TokenBlacklist } from './token-blacklist.js';

const MINUTE = 60_000;
const RETRY_MS = 1000;
const SESSION = '01a20b4b-ad7d-7257-9bbf-39ea02dddbb9';
const TOKEN = { jti: SESSION, sid: SESSION, sub: SESSION, ver: 1 };

/** What the database would answer, and how often it was asked. */
class StoredRevocations {
  revocations: Revocation[] = [];
  readings = 0;
  failure: Error | undefined;

  async *unseenBy(): AsyncGenerator<Revocation[]> {
    this.readings++;
    if (this.failure) {
      throw this.failure;
    }
    yield this.revocations;
  }
}

describe('the revocation feed of a single process, when the clock is set back', () => {
  let clock: MovableClock;
  let stored: StoredRevocations;
  let blacklist: TokenBlacklist;
  let feed: EmbeddedRevocationFeed;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    clock = new MovableClock();
    stored = new StoredRevocations();
    stored.revocations = [{ reach: 'session', subject: SESSION, expiresAt: clock.now() + 16 * MINUTE }];
    blacklist = new TokenBlacklist(new Settings(), clock);
    // All that is asked of the store is this.
    feed = new EmbeddedRevocationFeed(stored as unknown as RevocationStore, blacklist);
    await feed.onModuleInit();
    clock.step(20 * MINUTE);
    blacklist.isRevoked(TOKEN);
    clock.step(-20 * MINUTE);
  });

  afterEach(() => jest.restoreAllMocks());

  const reading = (): Promise<void> => new Promise((done) => setImmediate(done));

  it('is fresh again once all is read, which happens once', async () => {
    const [one, other] = [feed.isFresh(), feed.isFresh()];
    await reading();

    expect([one, other, feed.isFresh()]).toEqual([false, false, true]);
    expect(stored.readings).toBe(2);
    expect(blacklist.isRevoked(TOKEN)).toBe(true);
  });

  it('reads again a second after that has failed, however many ask meanwhile, and warns once', async () => {
    const warnings = jest.spyOn(Logger.prototype, 'warn');
    const errors = jest.spyOn(Logger.prototype, 'error');
    stored.failure = new Error('the disk is full');
    feed.isFresh();
    await reading();
    stored.failure = undefined;

    const afterFailure = feed.isFresh();
    await reading();
    const [readings, meanwhile] = [stored.readings, feed.isFresh()];
    await pause(RETRY_MS + 100);
    const due = feed.isFresh();
    await reading();

    expect([afterFailure, meanwhile, due, feed.isFresh()]).toEqual([false, false, false, true]);
    expect([readings, stored.readings]).toEqual([2, 3]);
    expect([warnings.mock.calls.length, errors.mock.calls.length]).toEqual([1, 1]);
  });
});
