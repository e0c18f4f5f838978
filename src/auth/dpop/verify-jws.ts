import { type KeyObject, type SignKeyObjectInput, constants, verify } from 'node:crypto';
import type { CompactJws } from '../tokens/compact-jwt.js';
import type { ProofAlgorithm } from './challenge.js';

/** How node:crypto verifies each algorithm (RFC 7518 3.3 to 3.5, RFC 8037 3.1); EdDSA brings its own digest. */
const SCHEMES: Readonly<
  Record<ProofAlgorithm, { digest: string | null; options: Omit<SignKeyObjectInput, 'key'> }>
> = {
  ES256: { digest: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
  EdDSA: { digest: null, options: {} },
  PS256: {
    digest: 'sha256',
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  },
  RS256: { digest: 'sha256', options: { padding: constants.RSA_PKCS1_PADDING } },
};

/** Whether the signature of a JWS is right for this algorithm and public key. */
export function verifyJws(
  { signed, signature }: CompactJws,
  algorithm: ProofAlgorithm,
  key: KeyObject,
): boolean {
  const { digest, options } = SCHEMES[algorithm];
  return verify(digest, Buffer.from(signed), { key, ...options }, Buffer.from(signature, 'base64url'));
}
