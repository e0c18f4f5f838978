import { normalizeIp } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { clientIpOf } from '../http/client-ip.js';

/** The key of a client address: an IPv4 address as it is, an IPv6 address by its /64, which one client has to itself. */
export function clientAddressKey(ip: string): string {
  return ip.includes(':') ? normalizeIp(ip, 64) : ip;
}

/** The key of the address that a request comes from. */
export function addressKeyOf(request: FastifyRequest): string {
  return clientAddressKey(clientIpOf(request));
}
