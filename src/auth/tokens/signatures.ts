import { type KeyObject, constants, createHmac, sign, timingSafeEqual, verify } from 'node:crypto';
import type { JwtAlgorithm } from '../../config/settings.js';

// RFC 7518 3.5: the salt is as long as the hash.
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

/**
 * Whether a signature over these bytes was made with this key (RFC 7515 5.2); of any algorithm, at once. The key
 * object is one of ours, so that the algorithm is the key's own and never a choice of the token (RFC 8725 3.1).
 */
export function isSignatureRight(
  algorithm: JwtAlgorithm,
  key: KeyObject,
  input: Buffer,
  signature: Buffer,
): boolean {
  switch (algorithm) {
    case 'ES256':
      return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature);
    case 'RS256':
      return verify('sha256', input, key, signature);
    case 'PS256':
      return verify('sha256', input, { key, ...PSS }, signature);
    case 'EdDSA':
      return verify(null, input, key, signature);
    case 'HS256':
      return isSame(createHmac('sha256', key).update(input).digest(), signature);
  }
}

/** A signature of Ed25519 (RFC 8032), for what jsonwebtoken cannot do. */
export function signEdDsa(key: KeyObject, input: Buffer): Buffer {
  return sign(null, input, key);
}

function isSame(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}
