import { Injectable } from '@nestjs/common';
import type { Caller } from '../http/caller.decorator.js';
import { accountKey } from './account-key.js';
import { DueHits } from './due-hits.js';
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
    private readonly due: DueHits,
  ) {}

  /** Counts one and says whether it is allowed; asked after the answer, so that who asks gets to see no difference. */
  async admits(kind: MailLimit, email: string): Promise<boolean> {
    const { isAllowed } = await this.storage.hit(accountKey(email), this.limits[kind]);
    return isAllowed;
  }

  /** The same for what would be lost without its mail, before the answer. @throws Problem `too-many-requests` */
  async require(kind: MailLimit, email: string, { request }: Caller): Promise<void> {
    await this.due.count(request, [{ key: accountKey(email), rateLimit: this.limits[kind] }]);
  }
}
