import { MovableClock } from '../time/movable-clock.js';
import { MemoryRateLimitStorage } from './memory-rate-limit-storage.js';
import { type RateLimitState, makeRateLimit } from './rate-limit.js';

const tenAMinute = makeRateLimit('test', [{ limit: 10, windowMs: 60_000 }]);
const wide = makeRateLimit('wide', [{ limit: 20, windowMs: 60_000 }]);

describe('counting groups of hits in memory', () => {
  let storage: MemoryRateLimitStorage;
  beforeEach(() => {
    storage = new MemoryRateLimitStorage(new MovableClock());
  });

  /** What a hit would find. */
  const peek = (key: string, rateLimit = tenAMinute): RateLimitState => storage.peek({ key, rateLimit });

  it('counts the hits of a group only if all of them are allowed', () => {
    const group = [
      { key: 'address', rateLimit: wide },
      { key: 'user', rateLimit: tenAMinute },
    ];

    const states = Array.from({ length: 12 }, () => storage.hitInTurn([group])).flat();

    expect(states.filter(({ isAllowed }) => isAllowed)).toHaveLength(10);
    expect(states.at(-1)?.rateLimit.name).toBe('test');
    expect(peek('address', wide).remaining).toBe(10);
  });

  it('counts groups in their order, up to the first that is refused', () => {
    const groups = [
      [{ key: 'before', rateLimit: wide }],
      [{ key: 'user', rateLimit: tenAMinute }],
      [{ key: 'after', rateLimit: wide }],
    ];

    const states = Array.from({ length: 12 }, () => storage.hitInTurn(groups));

    const allowed = states.map((found) => found.map(({ isAllowed }) => isAllowed).join());
    expect(new Set(allowed.slice(0, 10))).toEqual(new Set(['true,true,true']));
    expect(new Set(allowed.slice(10))).toEqual(new Set(['true,false']));
    expect([peek('before', wide).remaining, peek('after', wide).remaining]).toEqual([8, 10]);
  });

  it('counts none of those in a group with one that is only asked about and has no room', () => {
    Array.from({ length: 10 }, () => storage.hit('client', tenAMinute));

    const states = storage.hitInTurn([
      [
        { key: 'client', rateLimit: tenAMinute, isPeek: true },
        { key: 'other', rateLimit: tenAMinute },
      ],
    ]);

    expect(states.map(({ isAllowed }) => isAllowed)).toEqual([false]);
    expect(peek('other').remaining).toBe(10);
  });

  it('does not count what is only asked about', () => {
    storage.hitInTurn([[{ key: 'client', rateLimit: tenAMinute, isPeek: true }]]);

    expect(peek('client').remaining).toBe(10);
  });
});
