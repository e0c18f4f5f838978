import { createHash } from 'node:crypto';

/** The key of an account by its address: of one length whatever the address, and no address in Redis. */
export function accountKey(email: string): string {
  return createHash('sha256').update(email.normalize('NFC').toLowerCase()).digest('base64url');
}

/** The key of the account that a body names, if it names one. */
export function accountKeyOf(body: unknown): string | undefined {
  const isNaming = typeof body === 'object' && body !== null && 'email' in body;
  return isNaming && typeof body.email === 'string' ? accountKey(body.email) : undefined;
}
