import { hasRoom, stateOf, windowAt } from './rate-limit.js';

const tenAMinute = { name: 'test', limit: 10, windowMs: 60_000 };

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
    const state = stateOf({ previous: 10, current: 5 }, 0.5, tenAMinute, false);

    expect(state).toEqual({ isAllowed: false, remaining: 0, secondsToWait: 6 });
    expect(hasRoom({ previous: 10, current: 5 }, 0.6, 10)).toBe(true);
  });

  it('says how long to wait when this window alone is full', () => {
    const state = stateOf({ previous: 0, current: 10 }, 0.25, tenAMinute, false);

    expect(state.secondsToWait).toBe(51);
    expect(hasRoom({ previous: 10, current: 0 }, 0.1, 10)).toBe(true);
  });

  it('says what is left', () => {
    expect(stateOf({ previous: 0, current: 3 }, 0.5, tenAMinute, true)).toEqual({
      isAllowed: true,
      remaining: 7,
      secondsToWait: 30,
    });
  });
});
