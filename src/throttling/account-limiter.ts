import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { tooManyRequests } from './limiting.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

/** Slows guessing at one account from many addresses (ASVS 6.3.1); known and unknown addresses count alike. */
@Injectable()
export class AccountLimiter {
  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
  ) {}

  /** Counts an attempt before it is checked, so that many at once cannot slip through. @throws Problem `too-many-requests` */
  async countAttempt(email: string): Promise<void> {
    const state = await this.storage.hit(keyOf(email), this.limits.account);
    if (!state.isAllowed) {
      throw tooManyRequests(this.limits.account, state);
    }
  }

  /** Forgets the attempts after a success: only failures count. */
  async forgetAttempts(email: string): Promise<void> {
    await this.storage.forget(keyOf(email), this.limits.account);
  }
}

/** What an account is counted under: of one length whatever the address, and no address in Redis. */
export function keyOf(email: string): string {
  return createHash('sha256').update(email.normalize('NFC').toLowerCase()).digest('base64url');
}
