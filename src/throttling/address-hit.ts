import type { FastifyRequest } from 'fastify';
import { clientIpOf } from '../http/client-ip.js';
import { clientAddressKey } from './client-address.js';
import { type Hit, hitsOf } from './rate-limit.js';
import type { RateLimits } from './rate-limits.js';

/** A request as what it counts for its client address. */
export function addressHit(request: FastifyRequest, { address }: RateLimits): Hit[] {
  return hitsOf(clientAddressKey(clientIpOf(request)), [address]);
}
