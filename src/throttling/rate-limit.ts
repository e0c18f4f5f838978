import type { RateWindow } from '../config/rate-windows.js';

/** How often something is allowed, in one window of time or in several at once. */
export interface RateLimit {
  /** Names the limit in keys and in the `RateLimit` headers. */
  readonly name: string;
  /** The shortest first. */
  readonly windows: readonly RateWindow[];
  /** The limit as the `RateLimit-Policy` field says it (draft-ietf-httpapi-ratelimit-headers-10, section 3). */
  readonly policy: string;
  /** Whether each of its keys costs whoever makes it a hash. They are kept apart: keys that cost nothing push none of them out. */
  readonly isCostly: boolean;
}

/** One hit to be counted. */
export interface Hit {
  readonly rateLimit: RateLimit;
  /** Who or what is limited. */
  readonly key: string;
  /** There must be room for it, but it is not counted. */
  readonly isPeek?: boolean;
}

/** Hits that are all counted or none. */
export type HitGroup = readonly Hit[];

/** What a hit found: a counter for each window of its limit. */
export interface FoundHit {
  readonly rateLimit: RateLimit;
  readonly counters: readonly WindowCounters[];
}

/** What is left after a hit, in the window that is nearest to being used up. */
export interface RateLimitState {
  readonly isAllowed: boolean;
  readonly rateLimit: RateLimit;
  /** The name of that window in the `RateLimit` headers. */
  readonly windowName: string;
  readonly remaining: number;
  /** Whole seconds: until hits are allowed again where they are not, else until the window ends. */
  readonly secondsToWait: number;
}

/** Two counters that stand for a sliding window: the hits of this fixed window and of the one before. */
export interface WindowCounters {
  readonly previous: number;
  readonly current: number;
}

/** One hit on a key for each limit. */
export function hitsOf(key: string, rateLimits: readonly RateLimit[]): Hit[] {
  return rateLimits.map((rateLimit) => ({ key, rateLimit }));
}

/** A limit by its name and its windows. */
export function makeRateLimit(
  name: string,
  windows: readonly RateWindow[],
  { isCostly = false } = {},
): RateLimit {
  const policy = windows
    .map((window) => `"${windowName(name, windows, window)}";q=${window.limit};w=${window.windowMs / 1000}`)
    .join(', ');
  return { name, windows, policy, isCostly };
}

function windowName(name: string, windows: readonly RateWindow[], { windowMs }: RateWindow): string {
  return windows.length === 1 ? name : `${name}-${windowMs / 1000}s`;
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

/** Whether one more hit fits into every window of a limit; `counters` are those of its windows, in their order. */
export function fits({ windows }: RateLimit, counters: readonly WindowCounters[], now: number): boolean {
  for (let at = 0; at < windows.length; at++) {
    const [window, counted] = [windows[at], counters[at]];
    if (window && counted && !hasRoom(counted, windowAt(now, window.windowMs).passed, window.limit)) {
      return false;
    }
  }
  return true;
}

/** The state after hits that were all allowed (and counted) or none: of the one that was not allowed, or of the last. */
export function stateOfAll(hits: readonly FoundHit[], now: number, areAllowed: boolean): RateLimitState {
  const refused = areAllowed
    ? undefined
    : hits.find(({ rateLimit, counters }) => !fits(rateLimit, counters, now));
  const told = refused ?? hits.at(-1);
  if (!told) {
    throw new Error('There is no hit to count.');
  }
  return stateOf(told.rateLimit, told.counters, now, areAllowed);
}

/** The state after a hit that was allowed (and counted) or not: of the window to wait for longest, or with least left. */
export function stateOf(
  rateLimit: RateLimit,
  counters: readonly WindowCounters[],
  now: number,
  isAllowed: boolean,
): RateLimitState {
  let told: RateLimitState | undefined;
  for (let at = 0; at < rateLimit.windows.length; at++) {
    const [window, counted] = [rateLimit.windows[at], counters[at]];
    if (window && counted) {
      const state = windowState(rateLimit, window, counted, now, isAllowed);
      told = told === undefined || isNearer(state, told, isAllowed) ? state : told;
    }
  }
  if (told === undefined) {
    throw new Error(`The limit “${rateLimit.name}” has no window.`);
  }
  return told;
}

function isNearer(one: RateLimitState, other: RateLimitState, isAllowed: boolean): boolean {
  return isAllowed ? one.remaining < other.remaining : one.secondsToWait > other.secondsToWait;
}

function windowState(
  rateLimit: RateLimit,
  window: RateWindow,
  counters: WindowCounters,
  now: number,
  isAllowed: boolean,
): RateLimitState {
  const { limit, windowMs } = window;
  const { passed } = windowAt(now, windowMs);
  const used = counters.previous * (1 - passed) + counters.current;
  const windowsToWait = isAllowed ? 1 - passed : waitOf(counters, passed, limit);
  return {
    isAllowed,
    rateLimit,
    windowName: windowName(rateLimit.name, rateLimit.windows, window),
    remaining: Math.max(0, Math.floor(limit - used)),
    secondsToWait: Math.max(1, Math.ceil((windowsToWait * windowMs) / 1000)),
  };
}

// In windows: none where there is room, until the previous one has slid out far enough, or else until this one has.
function waitOf(counters: WindowCounters, passed: number, limit: number): number {
  const { previous, current } = counters;
  if (hasRoom(counters, passed, limit)) {
    return 0;
  }
  if (current + 1 <= limit && previous > 0) {
    return 1 - (limit - current - 1) / previous - passed;
  }
  return 1 - passed + Math.max(0, 1 - (limit - 1) / current);
}
