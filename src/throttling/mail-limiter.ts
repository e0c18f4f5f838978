import { Injectable } from '@nestjs/common';
import { accountKey } from './account-key.js';
import { tooManyRequests } from './limiting.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

/** What mails are counted by. */
type MailLimit = 'reset' | 'registration' | 'verification';

/** How often one address is sent a mail of a kind, whoever asks; known and unknown addresses count alike. */
@Injectable()
export class MailLimiter {
  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
  ) {}

  /** Counts one and says whether it is allowed; who asks gets to see no difference. */
  async admits(kind: MailLimit, email: string): Promise<boolean> {
    const { isAllowed } = await this.storage.hit(accountKey(email), this.limits[kind]);
    return isAllowed;
  }

  /** The same for what would be lost without its mail. @throws Problem `too-many-requests` */
  async require(kind: MailLimit, email: string): Promise<void> {
    const state = await this.storage.hit(accountKey(email), this.limits[kind]);
    if (!state.isAllowed) {
      throw tooManyRequests(state);
    }
  }
}
