import { randomBytes } from 'node:crypto';

/** A client address in a network of its own that no test, and no run before, has used: Redis outlives a run. */
export function newAddress(): string {
  return `fd${randomBytes(7).toString('hex')}`.replace(/.{4}/g, '$&:').concat(':1');
}

/** A request from such an address, as a trusted proxy passes it on. */
export function fromNewAddress(): { 'x-forwarded-for': string } {
  return { 'x-forwarded-for': newAddress() };
}
