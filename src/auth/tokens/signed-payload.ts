import type { VerifyingKey } from './keys/ring-key.js';
import { isSignatureRight } from './signatures.js';

/**
 * The payload of a JWT in compact form that this key has signed (RFC 7515 5.2), else `null`. For a token whose header
 * has been read: its shape is right, and the key is the one that the header names.
 */
export function signedPayload(token: string, { algorithm, verifyingKey }: VerifyingKey): unknown {
  const end = token.lastIndexOf('.');
  const input = Buffer.from(token.slice(0, end));
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  if (!isSignatureRight(algorithm, verifyingKey, input, signature)) {
    return null;
  }
  return JSON.parse(Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url').toString());
}
