import { createHash, randomBytes } from 'node:crypto';

/** A secret that means nothing by itself: 256 bits from the CSPRNG, base64url (ASVS 7.2.3 asks for 128). */
export function makeOpaqueToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of it, its SHA-256 digest: enough to recognise it, nothing to use it. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
