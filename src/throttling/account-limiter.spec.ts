import { loadSettings } from '../config/load-settings.js';
import { LOCAL_COMMAND } from '../http/caller.decorator.js';
import { MovableClock } from '../time/movable-clock.js';
import { accountKey } from './account-key.js';
import { AccountLimiter } from './account-limiter.js';
import { DueHits } from './due-hits.js';
import type { EarlyAttempt } from './early-attempt.js';
import { MemoryRateLimitStorage } from './memory-rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

const EMAIL = 'ada@example.com';
const MINUTE = 60_000;

const settings = loadSettings({ THROTTLE_ACCOUNT_LIMIT: '100/1m', THROTTLE_DEVICE_LIMIT: '10/1m' });

describe('attempts that are counted early', () => {
  let clock: MovableClock;
  let storage: MemoryRateLimitStorage;
  let limits: RateLimits;
  let limiter: AccountLimiter;
  beforeEach(() => {
    clock = new MovableClock();
    storage = new MemoryRateLimitStorage(clock);
    limits = new RateLimits(settings);
    limiter = new AccountLimiter(storage, limits, new DueHits(storage), clock);
  });

  const count = async (): Promise<EarlyAttempt> => {
    const { next } = await limiter.countAttempt(
      EMAIL,
      { knownSource: undefined, next: 'code' },
      LOCAL_COMMAND,
    );
    if (!next) {
      throw new Error('nothing was counted early');
    }
    return next;
  };
  const countMany = (times: number): Promise<EarlyAttempt[]> =>
    Promise.all(Array.from({ length: times }, count));
  const remaining = (): number =>
    storage.peek({ key: `${accountKey(EMAIL)}:code`, rateLimit: limits.device }).remaining;

  it('are given back to the window that they were counted in', async () => {
    const early = await countMany(2);
    clock.time += 1.5 * MINUTE; // half of the window before counts
    await countMany(2);

    early.forEach((attempt) => attempt.end({ wasChecked: true }));

    expect(remaining()).toBe(8);
  });

  it('are made where others have given theirs back meanwhile', async () => {
    const early = await countMany(10);
    const late = await count();
    early.forEach((attempt) => attempt.end({ wasChecked: true }));

    await late.make();
    late.end({ wasChecked: true });

    expect(remaining()).toBe(9);
  });

  it('are refused when they are made where there is no room, not before', async () => {
    await countMany(10);
    const late = await count();

    await expect(late.make()).rejects.toMatchObject({ code: 'too-many-requests' });
  });
});
