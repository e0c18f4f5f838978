import type { KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from '../../../config/settings.js';

const MIN_RSA_BITS = 2048;
const MIN_SECRET_BYTES = 32;

/** What makes a key unfit for its algorithm, as the rest of a sentence, or `null` (RFC 7518 3.2 to 3.5, RFC 8037 3.1). */
export function unfitnessOf(algorithm: JwtAlgorithm, key: KeyObject): string | null {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (algorithm) {
    case 'ES256':
      return namedCurve === 'prime256v1' ? null : 'is not an EC key on the curve P-256, which ES256 needs';
    case 'RS256':
    case 'PS256':
      return key.asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS
        ? null
        : `is not an RSA key of ${MIN_RSA_BITS} bits or more, which ${algorithm} needs`;
    case 'EdDSA':
      return key.asymmetricKeyType === 'ed25519' ? null : 'is not an Ed25519 key, which EdDSA needs here';
    case 'HS256':
      return (key.symmetricKeySize ?? 0) >= MIN_SECRET_BYTES
        ? null
        : 'is not a secret of 256 bits or more, which HS256 needs';
  }
}
