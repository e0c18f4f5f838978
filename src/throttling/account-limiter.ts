import { Injectable } from '@nestjs/common';
import type { Caller } from '../http/caller.decorator.js';
import { accountKey } from './account-key.js';
import { DueHits } from './due-hits.js';
import { EarlyAttempt } from './early-attempt.js';
import type { Hit } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

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
  ) {}

  /**
   * Counts an attempt before it is checked, so that many at once cannot slip through, and with it what waits to be
   * counted for the request. `knownSource` is a browser that is known, or whoever is signed in.
   * @throws Problem `too-many-requests`
   */
  async countAttempt(email: string, knownSource: string | undefined, { request }: Caller): Promise<void> {
    await this.due.count(request, [this.attemptOn(email, knownSource)]);
  }

  /**
   * The same together with an attempt on something that is checked only if this one succeeds. That is counted at once, too,
   * or many at once would slip through, and is not refused before it is known that it would be checked.
   * @throws Problem `too-many-requests` for the first
   */
  async countAttempts(
    email: string,
    { knownSource, next }: { knownSource: string | undefined; next: string },
    { request }: Caller,
  ): Promise<EarlyAttempt> {
    const hit = this.attemptOn(email, next);
    const state = await this.due.countEarly(request, [this.attemptOn(email, knownSource)], [hit]);
    return new EarlyAttempt(state, () => void this.storage.giveBack(hit));
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
