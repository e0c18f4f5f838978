import type { ThrottlerStorage } from '@nestjs/throttler';
import { type Hit, type HitGroup, type RateLimit, type RateLimitState, makeRateLimit } from './rate-limit.js';

/** Counts hits. Storage for @nestjs/throttler, with a cheaper door for our own guards: no promise where none is needed. */
export abstract class RateLimitStorage implements ThrottlerStorage {
  /** Counts one hit on a key if it is allowed. */
  abstract hit(key: string, rateLimit: RateLimit): RateLimitState | Promise<RateLimitState>;

  /**
   * Counts groups of hits in one go and in their order, up to the first in which one is not allowed. Answers with a state
   * for each: of the hit that is not allowed, which ends it, or of the last of its group.
   */
  abstract hitInTurn(
    groups: readonly HitGroup[],
  ): readonly RateLimitState[] | Promise<readonly RateLimitState[]>;

  /**
   * What a hit would find as far as this process knows, without counting one; `null` where asking for certain takes no
   * round trip.
   */
  abstract expect(hit: Hit): RateLimitState | null;

  /** Takes a hit back that was counted at that time (milliseconds since 1970), if it counts still. */
  abstract giveBack(hit: Hit, countedAt: number): void | Promise<void>;

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
