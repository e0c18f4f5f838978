/** So many hits in so many milliseconds. */
export interface RateLimit {
  /** Names the limit in keys and in the `RateLimit` headers. */
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** What is left after a hit. */
export interface RateLimitState {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Whole seconds: until hits are allowed again where they are not, else until the window ends. */
  readonly secondsToWait: number;
}

/** Two counters that stand for a sliding window: the hits of this fixed window and of the one before. */
export interface WindowCounters {
  readonly previous: number;
  readonly current: number;
}

/** Where a moment lies in its fixed window: which window, and how much of it has passed (0 to 1). */
export function windowAt(now: number, windowMs: number): { index: number; passed: number } {
  const position = now / windowMs;
  const index = Math.floor(position);
  return { index, passed: position - index };
}

/** Whether one more hit fits: the previous window counts for the part of it that the sliding window still covers. */
export function hasRoom({ previous, current }: WindowCounters, passed: number, limit: number): boolean {
  return previous * (1 - passed) + current + 1 <= limit;
}

/** The state after a hit that was allowed (and counted) or not. */
export function stateOf(
  counters: WindowCounters,
  passed: number,
  { limit, windowMs }: RateLimit,
  isAllowed: boolean,
): RateLimitState {
  const used = counters.previous * (1 - passed) + counters.current;
  return {
    isAllowed,
    remaining: Math.max(0, Math.floor(limit - used)),
    secondsToWait: Math.max(
      1,
      Math.ceil(((isAllowed ? 1 - passed : waitOf(counters, passed, limit)) * windowMs) / 1000),
    ),
  };
}

// In windows: until the previous one has slid out far enough, or else until this one has.
function waitOf({ previous, current }: WindowCounters, passed: number, limit: number): number {
  if (current + 1 <= limit && previous > 0) {
    return 1 - (limit - current - 1) / previous - passed;
  }
  return 1 - passed + Math.max(0, 1 - (limit - 1) / current);
}
