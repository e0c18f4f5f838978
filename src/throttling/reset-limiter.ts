import { Injectable } from '@nestjs/common';
import { accountKey } from './account-key.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

/** How often a new password may be asked for on one account; known and unknown addresses count alike. */
@Injectable()
export class ResetLimiter {
  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
  ) {}

  /** Counts one and says whether it is allowed; who asks gets to see no difference. */
  async admits(email: string): Promise<boolean> {
    const { isAllowed } = await this.storage.hit(accountKey(email), this.limits.reset);
    return isAllowed;
  }
}
