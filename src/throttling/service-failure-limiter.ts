import { Injectable } from '@nestjs/common';
import { clientAddressKey } from './client-address.js';
import { tooManyRequests } from './limiting.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

/**
 * Slows guessing at the credentials of services (RFC 6749 2.3.1): an address that has failed too often is not listened
 * to, and costs no query. Only failures count, so that a service may ask all day.
 */
@Injectable()
export class ServiceFailureLimiter {
  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
  ) {}

  /** @throws Problem `too-many-requests` where the address has failed too often */
  async refuseGuesser(ip: string): Promise<void> {
    const state = await this.storage.peek(clientAddressKey(ip), this.limits.serviceFailures);
    if (!state.isAllowed) {
      throw tooManyRequests(state);
    }
  }

  /** Counts a failure against the address. */
  async countFailure(ip: string): Promise<void> {
    await this.storage.hit(clientAddressKey(ip), this.limits.serviceFailures);
  }
}
