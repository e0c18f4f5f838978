import { Injectable } from '@nestjs/common';
import { clientAddressKey } from './client-address.js';
import { refuse } from './limiting.js';
import type { Hit } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

/**
 * Slows guessing at the credentials of services (RFC 6749 2.3.1): an address that has failed too often is not listened
 * to, and costs no query once this process knows. Only failures count, so that a service may ask all day.
 */
@Injectable()
export class ServiceFailureLimiter {
  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
  ) {}

  /**
   * Refuses an address that is known to have failed too often; `PrincipalThrottlerGuard` asks for certain.
   * @throws Problem `too-many-requests`
   */
  async refuseGuesser(ip: string): Promise<void> {
    const failure = this.failureOf(ip);
    if (!this.storage.expect(failure)?.isAllowed) {
      refuse(await this.storage.hitInTurn([[{ ...failure, isPeek: true }]]));
    }
  }

  /** Counts a failure against the address. @throws Problem `too-many-requests` where it has failed too often */
  async countFailure(ip: string): Promise<void> {
    refuse(await this.storage.hitInTurn([[this.failureOf(ip)]]));
  }

  private failureOf(ip: string): Hit {
    return { key: clientAddressKey(ip), rateLimit: this.limits.serviceFailures };
  }
}
