import { MovableClock } from '../time/movable-clock.js';
import { MAX_KEYS, MemoryRateLimitStorage } from './memory-rate-limit-storage.js';
import { type RateLimitState, makeRateLimit } from './rate-limit.js';

const tenAMinute = makeRateLimit('test', [{ limit: 10, windowMs: 60_000 }]);

describe('counting in memory', () => {
  let clock: MovableClock;
  let storage: MemoryRateLimitStorage;
  beforeEach(() => {
    clock = new MovableClock();
    storage = new MemoryRateLimitStorage(clock);
  });

  /** Hits a key so often, and says how many hits were allowed. */
  const hit = (times: number, key = 'client', limit = tenAMinute): number =>
    Array.from({ length: times }, () => storage.hit(key, limit)).filter(({ isAllowed }) => isAllowed).length;

  /** What a hit would find. */
  const peek = (key = 'client', rateLimit = tenAMinute): RateLimitState => storage.peek({ key, rateLimit });

  it('allows as many hits as are set, and says what is left', () => {
    const states = Array.from({ length: 11 }, () => storage.hit('client', tenAMinute));

    expect(states.map(({ isAllowed }) => isAllowed)).toEqual([...Array<boolean>(10).fill(true), false]);
    expect(states.map(({ remaining }) => remaining)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]);
  });

  it('keeps keys that cost a hash, however many others come', () => {
    const account = makeRateLimit('account', [{ limit: 10, windowMs: 60_000 }], { isCostly: true });
    hit(10, 'owner', account);

    for (let key = 0; key <= MAX_KEYS; key++) {
      storage.hit(String(key), tenAMinute);
    }

    expect(hit(1, 'owner', account)).toBe(0);
    expect(storage.size).toBe(MAX_KEYS + 1);
  });

  it('allows another hit for one that was given back', () => {
    hit(10);

    storage.giveBack({ key: 'client', rateLimit: tenAMinute }, clock.time);

    expect(hit(2)).toBe(1);
  });

  it('takes a hit back from the window that it was counted in', () => {
    const countedAt = clock.time;
    hit(10);
    clock.time += 60_000; // where the window before counts whole

    const before = hit(1);
    storage.giveBack({ key: 'client', rateLimit: tenAMinute }, countedAt);
    const after = hit(1);
    storage.giveBack({ key: 'client', rateLimit: tenAMinute }, countedAt - 60_000);

    expect([before, after, hit(1)]).toEqual([0, 1, 0]);
  });

  it('keeps nothing for what was given back, or never counted', () => {
    hit(1);

    storage.giveBack({ key: 'client', rateLimit: tenAMinute }, clock.time);
    storage.giveBack({ key: 'other', rateLimit: tenAMinute }, clock.time);

    expect(storage.size).toBe(0);
  });

  it('does not count what it refuses: whoever goes on hammering waits no longer', () => {
    hit(10);
    const first = storage.hit('client', tenAMinute);
    hit(1000);
    const last = storage.hit('client', tenAMinute);

    expect(last).toEqual(first);
  });

  it('allows a hit again when the wait it named is over, and not a second before', () => {
    hit(10);
    const { secondsToWait } = storage.hit('client', tenAMinute);

    clock.time += (secondsToWait - 1) * 1000;
    const early = hit(1);
    clock.time += 1000;
    const inTime = hit(1);

    expect([early, inTime]).toEqual([0, 1]);
  });

  it('slides: hardly more than ten in any minute, and ten a minute in the long run', () => {
    const allowed: number[] = [];

    for (let second = 0; second < 600; second++) {
      allowed.push(...Array<number>(hit(5)).fill(second));
      clock.time += 1000;
    }
    const perMinute = allowed.map((start) => allowed.filter((at) => at >= start && at < start + 60).length);

    expect(Math.max(...perMinute)).toBeLessThanOrEqual(12);
    expect(allowed.length).toBeGreaterThanOrEqual(90);
    expect(allowed.length).toBeLessThanOrEqual(110);
  });

  it('remembers the window before: a burst at its end leaves no room for one at the start of the next', () => {
    clock.time += 59_000;
    const before = hit(10);
    clock.time += 2000;
    const after = hit(10);

    expect([before, after]).toEqual([10, 0]);
  });

  it('has forgotten a key after two windows', () => {
    hit(10);

    clock.time += 120_000;

    expect(hit(11)).toBe(10);
  });

  it('counts keys and limits apart', () => {
    const other = { ...tenAMinute, name: 'other' };

    const allowed = [hit(11, 'one'), hit(11, 'two'), hit(11, 'one', other)];

    expect(allowed).toEqual([10, 10, 10]);
    expect(storage.size).toBe(3);
  });

  it('forgets a key when told to, under that limit only', () => {
    const other = { ...tenAMinute, name: 'other' };
    hit(10);
    hit(10, 'client', other);

    storage.forget('client', tenAMinute);

    expect([hit(11), hit(11, 'client', other)]).toEqual([10, 0]);
  });

  it('says what a hit would find, and counts none', () => {
    hit(9);

    const states = [peek(), peek()];
    hit(1);
    const full = peek();
    clock.time += 120_000;
    const later = peek();

    expect(states.map(({ isAllowed }) => isAllowed)).toEqual([true, true]);
    expect(full).toMatchObject({ isAllowed: false, remaining: 0, secondsToWait: expect.any(Number) });
    expect(full.secondsToWait).toBeGreaterThan(0);
    expect(later.isAllowed).toBe(true);
  });

  it('keeps no key for being asked about it', () => {
    peek('nobody');

    expect(storage.size).toBe(0);
  });

  it('slides as a hit does when it is only asked', () => {
    hit(10);
    clock.time += 90_000;

    expect(peek()).toMatchObject({ isAllowed: true, remaining: 5 });
  });

  it('counts 200,000 keys at most: past that, the one hit the longest time ago goes', () => {
    hit(10, 'kept');
    hit(10, 'coldest');
    for (let key = 2; key < MAX_KEYS; key++) {
      storage.hit(String(key), tenAMinute);
    }
    const full = storage.size;
    hit(1, 'kept');

    hit(1, 'one more');

    expect([full, storage.size]).toEqual([200_000, 200_000]);
    expect(hit(1, 'kept')).toBe(0);
    expect(hit(11, 'coldest')).toBe(10);
  });

  it('holds several windows at once, each of them', () => {
    const burst = makeRateLimit('burst', [
      { limit: 2, windowMs: 1000 },
      { limit: 5, windowMs: 60_000 },
    ]);
    const perSecond: number[] = [];

    for (let second = 0; second < 6; second++) {
      perSecond.push(hit(3, 'client', burst));
      clock.time += 2000;
    }

    expect(perSecond).toEqual([2, 2, 1, 0, 0, 0]);
  });

  it('answers @nestjs/throttler in its own words', async () => {
    hit(8);

    const states = [
      await storage.increment('client', 60_000, 10, 0, 'test'),
      await storage.increment('client', 60_000, 10, 0, 'test'),
      await storage.increment('client', 60_000, 10, 0, 'test'),
    ];

    expect(states.map(({ totalHits, isBlocked }) => [totalHits, isBlocked])).toEqual([
      [9, false],
      [10, false],
      [10, true],
    ]);
  });

  it('is of this process alone', () => {
    expect(storage.isShared()).toBe(false);
  });
});
