import type { FastifyRequest } from 'fastify';
import { addressKeyOf } from './client-address.js';
import { type Hit, hitsOf } from './rate-limit.js';
import type { RateLimits } from './rate-limits.js';

/** A request as what it counts for its client address. */
export function addressHit(request: FastifyRequest, { address }: RateLimits): Hit[] {
  return hitsOf(addressKeyOf(request), [address]);
}
