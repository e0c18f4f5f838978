import { normalizeIp } from '@nestjs/throttler';

/** The key of a client address: an IPv4 address as it is, an IPv6 address by its /64, which one client has to itself. */
export function clientAddressKey(ip: string): string {
  return ip.includes(':') ? normalizeIp(ip, 64) : ip;
}
