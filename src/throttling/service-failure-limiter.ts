import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { addressKeyOf } from './client-address.js';
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
  async refuseGuesser(request: FastifyRequest): Promise<void> {
    const failure = this.failureOf(request);
    if (!this.storage.expect(failure)?.isAllowed) {
      refuse(await this.storage.hitInTurn([[{ ...failure, isPeek: true }]]));
    }
  }

  /** Counts a failure against the address. @throws Problem `too-many-requests` where it has failed too often */
  async countFailure(request: FastifyRequest): Promise<void> {
    refuse(await this.storage.hitInTurn([[this.failureOf(request)]]));
  }

  private failureOf(request: FastifyRequest): Hit {
    return { key: addressKeyOf(request), rateLimit: this.limits.serviceFailures };
  }
}
