import { Injectable } from '@nestjs/common';
import type { Caller } from '../http/caller.decorator.js';
import { Clock } from '../time/clock.js';
import { accountKey } from './account-key.js';
import { DueHits } from './due-hits.js';
import { EarlyAttempt } from './early-attempt.js';
import type { Hit } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

/** An attempt that has been counted. */
export interface CountedAttempt {
  /** It could not be checked, so it counts for nothing. Nobody waits for that. */
  giveBack(): void;
  readonly next: EarlyAttempt | null;
}

/**
 * Slows guessing at one account from many addresses (ASVS 6.3.1); known and unknown addresses count alike. A browser
 * that has signed in to the account before is counted apart, so that guesses from elsewhere keep no owner out (OWASP,
 * “Slow Down Online Guessing Attacks with Device Cookies”).
 */
@Injectable()
export class AccountLimiter {
  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
    private readonly due: DueHits,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts an attempt before it is checked, so that many at once cannot slip through, and with it what waits to be
   * counted for the request. `knownSource` is a browser that is known, or whoever is signed in. `next` is counted early: an
   * attempt that is made only if this one succeeds. Nobody is refused for that before it is known.
   * @throws Problem `too-many-requests`
   */
  async countAttempt(
    email: string,
    { knownSource, next }: { knownSource: string | undefined; next?: string | undefined },
    caller: Caller,
  ): Promise<CountedAttempt> {
    const countedAt = this.clock.now();
    const first = this.attemptOn(email, knownSource);
    const giveBack = () => void this.storage.giveBack(first, countedAt);
    if (next === undefined) {
      await this.due.count(caller.request, [first]);
      return { giveBack, next: null };
    }
    const hit = this.attemptOn(email, next);
    const isCounted = await this.due.countEarly(caller.request, [first], [hit]);
    const early = new EarlyAttempt(
      isCounted,
      () => this.due.count(caller.request, [hit]),
      () => void this.storage.giveBack(hit, countedAt),
    );
    return { giveBack, next: early };
  }

  /**
   * Forgets the attempts after a success: only failures count. What others have tried elsewhere stays counted. Nobody
   * waits for it: what this process asks of the storage next comes after it anyway.
   */
  forgetAttempts(email: string, knownSource?: string): void {
    const { key, rateLimit } = this.attemptOn(email, knownSource);
    void this.storage.forget(key, rateLimit);
  }

  private attemptOn(email: string, knownSource: string | undefined): Hit {
    return knownSource === undefined
      ? { key: accountKey(email), rateLimit: this.limits.account }
      : { key: `${accountKey(email)}:${knownSource}`, rateLimit: this.limits.device };
  }
}
