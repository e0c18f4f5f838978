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
  readonly next: EarlyAttempt | null;
  /** It is over, and `next` with it: what could not be checked counts for nothing. Nobody waits for that. */
  end(how: { wasChecked: boolean }): void;
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
    const early =
      next === undefined ? null : await this.countEarly(first, this.attemptOn(email, next), caller);
    if (early === null) {
      await this.due.count(caller.request, [first]);
    }
    return {
      next: early,
      end: (how) => {
        early?.end(how);
        if (!how.wasChecked) {
          void this.storage.giveBack(first, countedAt);
        }
      },
    };
  }

  /**
   * Forgets the attempts after a success: only failures count. What others have tried elsewhere stays counted. Nobody
   * waits for it: what this process asks of the storage next comes after it anyway.
   */
  forgetAttempts(email: string, knownSource?: string): void {
    const { key, rateLimit } = this.attemptOn(email, knownSource);
    void this.storage.forget(key, rateLimit);
  }

  private async countEarly(first: Hit, next: Hit, { request }: Caller): Promise<EarlyAttempt> {
    const countedAt = this.clock.now();
    return new EarlyAttempt(
      await this.due.countEarly(request, [first], [next]),
      () => this.due.count(request, [next]),
      () => void this.storage.giveBack(next, countedAt),
    );
  }

  private attemptOn(email: string, knownSource: string | undefined): Hit {
    return knownSource === undefined
      ? { key: accountKey(email), rateLimit: this.limits.account }
      : { key: `${accountKey(email)}:${knownSource}`, rateLimit: this.limits.device };
  }
}
