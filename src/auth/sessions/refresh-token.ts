import { deriveSealingKey, seal, unseal } from '../tokens/keys/sealing.js';

const PATTERN = /^[\w-]{43}$/;

/** Whether a text can be a refresh token at all. */
export function isRefreshToken(text: string): boolean {
  return PATTERN.test(text);
}

/** Encrypts the successor of a token so that only who holds that token can read it. */
export function sealSuccessor(token: string, successor: string): Buffer {
  return seal(deriveSealingKey(token, 'refresh-successor'), Buffer.from(successor), 'refresh-successor');
}

/** Reads the successor back with the token it replaced. */
export function unsealSuccessor(token: string, sealed: Buffer): string {
  return unseal(deriveSealingKey(token, 'refresh-successor'), sealed, 'refresh-successor').toString();
}
