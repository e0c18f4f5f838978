import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { addressKeyOf } from './client-address.js';
import { refuse } from './limiting.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';

/**
 * Slows whoever tries refresh tokens that are none. Only failures count: strangers behind the same address end nobody's
 * session by using up what all of them may try.
 */
@Injectable()
export class RefreshFailureLimiter {
  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
  ) {}

  /**
   * What a refresh comes to. Where the token is refused, that is counted against the address; nobody waits for a shared
   * storage, it goes by what this process knows.
   * @throws Problem `too-many-requests`, and what the refresh throws
   */
  async countIn<T>(request: FastifyRequest, refresh: Promise<T>): Promise<T> {
    try {
      return await refresh;
    } catch (error) {
      if (error instanceof Problem && error.getStatus() === 401) {
        await this.count(request);
      }
      throw error;
    }
  }

  private async count(request: FastifyRequest): Promise<void> {
    const hit = { key: addressKeyOf(request), rateLimit: this.limits.refreshFailures };
    const expected = this.storage.expect(hit);
    const counted = this.storage.hit(hit.key, hit.rateLimit);
    refuse([expected ?? (await counted)]);
  }
}
