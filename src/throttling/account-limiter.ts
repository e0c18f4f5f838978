import { Injectable } from '@nestjs/common';
import { accountKey } from './account-key.js';
import { tooManyRequests } from './limiting.js';
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
  ) {}

  /**
   * Counts an attempt before it is checked, so that many at once cannot slip through. `knownSource` is a browser
   * that is known, or whoever is signed in.
   * @throws Problem `too-many-requests`
   */
  async countAttempt(email: string, knownSource?: string): Promise<void> {
    const { key, rateLimit } = this.attemptOn(email, knownSource);
    const state = await this.storage.hit(key, rateLimit);
    if (!state.isAllowed) {
      throw tooManyRequests(state);
    }
  }

  /** Forgets the attempts after a success: only failures count. What others have tried elsewhere stays counted. */
  async forgetAttempts(email: string, knownSource?: string): Promise<void> {
    const { key, rateLimit } = this.attemptOn(email, knownSource);
    await this.storage.forget(key, rateLimit);
  }

  private attemptOn(email: string, knownSource: string | undefined): Hit {
    return knownSource === undefined
      ? { key: accountKey(email), rateLimit: this.limits.account }
      : { key: `${accountKey(email)}:${knownSource}`, rateLimit: this.limits.device };
  }
}
