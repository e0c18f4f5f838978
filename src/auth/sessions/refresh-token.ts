import { createHash, randomBytes } from 'node:crypto';
import { deriveSealingKey, seal, unseal } from '../tokens/keys/sealing.js';

const PATTERN = /^[\w-]{43}$/;

/** A new refresh token: 256 bits from the CSPRNG, base64url (ASVS 7.2.3 asks for 128). */
export function makeRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a text can be a refresh token at all. */
export function isRefreshToken(text: string): boolean {
  return PATTERN.test(text);
}

/** What is stored of a refresh token: enough to recognise it, nothing to use it. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Encrypts the successor of a token so that only who holds that token can read it. */
export function sealSuccessor(token: string, successor: string): Buffer {
  return seal(deriveSealingKey(token, 'refresh-successor'), Buffer.from(successor), 'refresh-successor');
}

/** Reads the successor back with the token it replaced. */
export function unsealSuccessor(token: string, sealed: Buffer): string {
  return unseal(deriveSealingKey(token, 'refresh-successor'), sealed, 'refresh-successor').toString();
}
