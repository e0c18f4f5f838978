import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../time/clock.js';
import { type RateLimit, type RateLimitState, hasRoom, stateOf, windowAt } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';

/** How many keys are counted at most; the one that was hit the longest time ago goes first. */
export const MAX_KEYS = 200_000;

interface Counters {
  index: number;
  previous: number;
  current: number;
}

/** Counts in this process: two numbers a key, no timer, bounded. */
@Injectable()
export class MemoryRateLimitStorage extends RateLimitStorage {
  private readonly counters = new LRUCache<string, Counters>({ max: MAX_KEYS });

  constructor(private readonly clock: Clock) {
    super();
  }

  hit(key: string, rateLimit: RateLimit): RateLimitState {
    const { index, passed } = windowAt(this.clock.now(), rateLimit.windowMs);
    const counters = this.countersOf(`${rateLimit.name}:${key}`, index);
    const isAllowed = hasRoom(counters, passed, rateLimit.limit);
    if (isAllowed) {
      counters.current++;
    }
    return stateOf(counters, passed, rateLimit, isAllowed);
  }

  peek(key: string, rateLimit: RateLimit): RateLimitState {
    const { index, passed } = windowAt(this.clock.now(), rateLimit.windowMs);
    const counters = slidTo(this.counters.peek(`${rateLimit.name}:${key}`), index);
    return stateOf(counters, passed, rateLimit, hasRoom(counters, passed, rateLimit.limit));
  }

  forget(key: string, rateLimit: RateLimit): void {
    this.counters.delete(`${rateLimit.name}:${key}`);
  }

  isShared(): boolean {
    return false;
  }

  /** How many keys are counted. */
  get size(): number {
    return this.counters.size;
  }

  private countersOf(key: string, index: number): Counters {
    const known = this.counters.get(key);
    if (known?.index === index) {
      return known;
    }
    const counters = slidTo(known, index);
    this.counters.set(key, counters);
    return counters;
  }
}

function slidTo(known: Counters | undefined, index: number): Counters {
  if (known?.index === index) {
    return known;
  }
  return { index, previous: known?.index === index - 1 ? known.current : 0, current: 0 };
}
