import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../time/clock.js';
import {
  type Hit,
  type HitGroup,
  type RateLimit,
  type RateLimitState,
  type WindowCounters,
  fits,
  stateOf,
  stateOfAll,
  windowAt,
} from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';

/** How many keys are counted at most, and as many whose limits are costly; the one that was hit the longest time ago goes first. */
export const MAX_KEYS = 200_000;

interface Counters {
  index: number;
  previous: number;
  current: number;
}

/** Counts in this process: two numbers a window, no timer, bounded. */
@Injectable()
export class MemoryRateLimitStorage extends RateLimitStorage {
  private readonly cheap = new LRUCache<string, readonly Counters[]>({ max: MAX_KEYS });
  private readonly costly = new LRUCache<string, readonly Counters[]>({ max: MAX_KEYS });

  constructor(private readonly clock: Clock) {
    super();
  }

  hit(key: string, rateLimit: RateLimit): RateLimitState {
    const now = this.clock.now();
    const counters = this.countersOf(key, rateLimit, now);
    const isAllowed = fits(rateLimit, counters, now);
    if (isAllowed) {
      count(counters);
    }
    return stateOf(rateLimit, counters, now, isAllowed);
  }

  hitInTurn(groups: readonly HitGroup[]): readonly RateLimitState[] {
    const states: RateLimitState[] = [];
    for (const hits of groups) {
      const state = this.hitAll(hits);
      states.push(state);
      if (!state.isAllowed) {
        break;
      }
    }
    return states;
  }

  /** Here counting takes no time. */
  expect(): null {
    return null;
  }

  /** What a hit would find. */
  peek({ key, rateLimit }: Hit): RateLimitState {
    const now = this.clock.now();
    const counters = this.readCounters(key, rateLimit, now);
    return stateOf(rateLimit, counters, now, fits(rateLimit, counters, now));
  }

  /** Takes over what others have counted on a key, in each window of its limit. */
  learn(key: string, rateLimit: RateLimit, counted: readonly WindowCounters[], now: number): void {
    const counters = rateLimit.windows.map(({ windowMs }, at) => ({
      index: windowAt(now, windowMs).index,
      previous: counted[at]?.previous ?? 0,
      current: counted[at]?.current ?? 0,
    }));
    this.cacheOf(rateLimit).set(`${rateLimit.name}:${key}`, counters);
  }

  giveBack(hit: Hit, countedAt: number): void {
    const { key, rateLimit } = hit;
    const counters = this.readCounters(key, rateLimit, this.clock.now());
    rateLimit.windows.forEach(({ windowMs }, at) => {
      const counter = counters[at];
      if (counter) {
        uncount(counter, windowAt(countedAt, windowMs).index);
      }
    });
    if (counters.every(({ previous, current }) => previous + current === 0)) {
      this.forget(key, rateLimit);
    } else {
      this.cacheOf(rateLimit).set(`${rateLimit.name}:${key}`, counters);
    }
  }

  forget(key: string, rateLimit: RateLimit): void {
    this.cacheOf(rateLimit).delete(`${rateLimit.name}:${key}`);
  }

  isShared(): boolean {
    return false;
  }

  /** How many keys are counted. */
  get size(): number {
    return this.cheap.size + this.costly.size;
  }

  private cacheOf({ isCostly }: RateLimit): LRUCache<string, readonly Counters[]> {
    return isCostly ? this.costly : this.cheap;
  }

  private hitAll(hits: HitGroup): RateLimitState {
    const now = this.clock.now();
    const found = hits.map(({ key, rateLimit, isPeek }) => ({
      rateLimit,
      isPeek,
      counters: isPeek ? this.readCounters(key, rateLimit, now) : this.countersOf(key, rateLimit, now),
    }));
    const areAllowed = found.every(({ rateLimit, counters }) => fits(rateLimit, counters, now));
    if (areAllowed) {
      found.filter(({ isPeek }) => !isPeek).forEach(({ counters }) => count(counters));
    }
    return stateOfAll(found, now, areAllowed);
  }

  // Keeps no key for being asked about.
  private readCounters(key: string, rateLimit: RateLimit, now: number): readonly Counters[] {
    const known = this.cacheOf(rateLimit).peek(`${rateLimit.name}:${key}`);
    return rateLimit.windows.map(({ windowMs }, at) => slidTo(known?.[at], windowAt(now, windowMs).index));
  }

  private countersOf(key: string, rateLimit: RateLimit, now: number): readonly Counters[] {
    const { name, windows } = rateLimit;
    const cache = this.cacheOf(rateLimit);
    const id = `${name}:${key}`;
    const known = cache.get(id);
    if (known === undefined) {
      const counters = windows.map(({ windowMs }) => slidTo(undefined, windowAt(now, windowMs).index));
      cache.set(id, counters);
      return counters;
    }
    for (let at = 0; at < windows.length; at++) {
      const [window, counters] = [windows[at], known[at]];
      if (window && counters) {
        slide(counters, windowAt(now, window.windowMs).index);
      }
    }
    return known;
  }
}

function count(counters: readonly Counters[]): void {
  for (const counter of counters) {
    counter.current++;
  }
}

function uncount(counter: Counters, index: number): void {
  if (index === counter.index) {
    counter.current = Math.max(0, counter.current - 1);
  } else if (index === counter.index - 1) {
    counter.previous = Math.max(0, counter.previous - 1);
  }
}

function slide(counters: Counters, index: number): void {
  if (counters.index !== index) {
    counters.previous = counters.index === index - 1 ? counters.current : 0;
    counters.current = 0;
    counters.index = index;
  }
}

function slidTo(known: Counters | undefined, index: number): Counters {
  const counters = known ? { ...known } : { index, previous: 0, current: 0 };
  slide(counters, index);
  return counters;
}
