import { fits, hasRoom, makeRateLimit, stateOf, windowAt } from './rate-limit.js';

const tenAMinute = makeRateLimit('test', [{ limit: 10, windowMs: 60_000 }]);
const burst = makeRateLimit('test', [
  { limit: 2, windowMs: 1000 },
  { limit: 10, windowMs: 60_000 },
]);

/** A moment so far through a minute, where each second is as far through. */
const at = (passed: number): number => (1_800_000_000 + passed * 60) * 1000;

describe('sliding window of two counters', () => {
  it('finds the window and how much of it has passed', () => {
    expect(windowAt(150_000, 60_000)).toEqual({ index: 2, passed: 0.5 });
  });

  it('has room up to the limit and not beyond', () => {
    expect(hasRoom({ previous: 0, current: 9 }, 0, 10)).toBe(true);
    expect(hasRoom({ previous: 0, current: 10 }, 0, 10)).toBe(false);
  });

  it('counts the previous window for the part that is still covered', () => {
    expect(hasRoom({ previous: 10, current: 4 }, 0.5, 10)).toBe(true);
    expect(hasRoom({ previous: 10, current: 5 }, 0.5, 10)).toBe(false);
  });

  it('says how long to wait until the previous window has slid out far enough', () => {
    const state = stateOf(tenAMinute, [{ previous: 10, current: 5 }], at(0.5), false);

    expect(state).toMatchObject({ isAllowed: false, remaining: 0, secondsToWait: 6 });
    expect(hasRoom({ previous: 10, current: 5 }, 0.6, 10)).toBe(true);
  });

  it('says how long to wait when this window alone is full', () => {
    const state = stateOf(tenAMinute, [{ previous: 0, current: 10 }], at(0.25), false);

    expect(state.secondsToWait).toBe(51);
    expect(hasRoom({ previous: 10, current: 0 }, 0.1, 10)).toBe(true);
  });

  it('says what is left', () => {
    expect(stateOf(tenAMinute, [{ previous: 0, current: 3 }], at(0.5), true)).toEqual({
      isAllowed: true,
      rateLimit: tenAMinute,
      windowName: 'test',
      remaining: 7,
      secondsToWait: 30,
    });
  });
});

describe('several windows at once', () => {
  it('say their policy each, by name', () => {
    expect(burst.policy).toBe('"test-1s";q=2;w=1, "test-60s";q=10;w=60');
  });

  it('have room only while each of them has', () => {
    const none = { previous: 0, current: 0 };

    expect(fits(burst, [none, none], at(0))).toBe(true);
    expect(fits(burst, [{ previous: 0, current: 2 }, none], at(0))).toBe(false);
    expect(fits(burst, [none, { previous: 0, current: 10 }], at(0))).toBe(false);
  });

  it('tell of the one with the least left', () => {
    const inBurst = stateOf(
      burst,
      [
        { previous: 0, current: 2 },
        { previous: 0, current: 2 },
      ],
      at(0),
      true,
    );
    const atTheEnd = stateOf(
      burst,
      [
        { previous: 0, current: 1 },
        { previous: 0, current: 10 },
      ],
      at(0),
      true,
    );

    expect([inBurst.windowName, inBurst.remaining]).toEqual(['test-1s', 0]);
    expect([atTheEnd.windowName, atTheEnd.remaining]).toEqual(['test-60s', 0]);
  });

  it('name the longest wait when a hit is refused', () => {
    const full = { previous: 0, current: 2 };

    const short = stateOf(burst, [full, full], at(0), false);
    const long = stateOf(burst, [full, { previous: 0, current: 10 }], at(0), false);

    expect([short.windowName, short.secondsToWait]).toEqual(['test-1s', 2]);
    expect([long.windowName, long.secondsToWait]).toEqual(['test-60s', 66]);
  });
});
