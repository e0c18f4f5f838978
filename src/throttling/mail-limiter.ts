import { Injectable } from '@nestjs/common';
import { accountKey } from './account-key.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

/** How often one address is sent a mail of a kind, whoever asks; known and unknown addresses count alike. */
@Injectable()
export class MailLimiter {
  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
  ) {}

  /** Counts one and says whether it is allowed; who asks gets to see no difference. */
  async admits(kind: 'reset' | 'verification', email: string): Promise<boolean> {
    const { isAllowed } = await this.storage.hit(accountKey(email), this.limits[kind]);
    return isAllowed;
  }
}
