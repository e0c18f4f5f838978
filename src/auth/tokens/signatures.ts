import { type KeyObject, constants, createHmac, sign, timingSafeEqual, verify } from 'node:crypto';
import type { JwtAlgorithm } from '../../config/settings.js';

type Verifier = (key: KeyObject, input: Buffer, signature: Buffer) => boolean;

// RFC 7518 3.5: the salt is as long as the hash.
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

const VERIFIERS: Readonly<Record<JwtAlgorithm, Verifier>> = {
  ES256: (key, input, signature) => verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature),
  RS256: (key, input, signature) => verify('sha256', input, key, signature),
  PS256: (key, input, signature) => verify('sha256', input, { key, ...PSS }, signature),
  EdDSA: (key, input, signature) => verify(null, input, key, signature),
  HS256: (key, input, signature) => isSame(createHmac('sha256', key).update(input).digest(), signature),
};

/**
 * Whether a signature over these bytes was made with this key (RFC 7515 5.2). For access tokens key and algorithm are
 * those of the ring: neither is ever a choice of the token (RFC 8725 3.1).
 */
export function isSignatureRight(
  algorithm: JwtAlgorithm,
  key: KeyObject,
  input: Buffer,
  signature: Buffer,
): boolean {
  return VERIFIERS[algorithm](key, input, signature);
}

/** A signature of Ed25519 (RFC 8032), for what jsonwebtoken cannot do. */
export function signEdDsa(key: KeyObject, input: Buffer): Buffer {
  return sign(null, input, key);
}

function isSame(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}
