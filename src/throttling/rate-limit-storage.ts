import type { ThrottlerStorage } from '@nestjs/throttler';
import { type Hit, type RateLimit, type RateLimitState, makeRateLimit } from './rate-limit.js';

/** Counts hits. Storage for @nestjs/throttler, with a cheaper door for our own guards: no promise where none is needed. */
export abstract class RateLimitStorage implements ThrottlerStorage {
  /** Counts one hit on a key if it is allowed. */
  abstract hit(key: string, rateLimit: RateLimit): RateLimitState | Promise<RateLimitState>;

  /**
   * Counts hits on several keys at once if all of them are allowed, else none. Answers with the state of the one that
   * is not, or of the last.
   */
  abstract hitAll(hits: readonly Hit[]): RateLimitState | Promise<RateLimitState>;

  /** What a hit on a key would find, without counting one. */
  abstract peek(key: string, rateLimit: RateLimit): RateLimitState | Promise<RateLimitState>;

  /** Forgets the hits on a key. */
  abstract forget(key: string, rateLimit: RateLimit): void | Promise<void>;

  /** Whether every process counts together right now. */
  abstract isShared(): boolean;

  /** The door of @nestjs/throttler; `ttl` in milliseconds, the times in the answer in seconds. */
  async increment(key: string, ttl: number, limit: number, _blockDuration: number, throttlerName: string) {
    const state = await this.hit(key, makeRateLimit(throttlerName, [{ limit, windowMs: ttl }]));
    return {
      totalHits: limit - state.remaining,
      timeToExpire: state.secondsToWait,
      isBlocked: !state.isAllowed,
      timeToBlockExpire: state.isAllowed ? 0 : state.secondsToWait,
    };
  }
}
