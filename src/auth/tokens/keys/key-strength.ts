import type { KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from '../../../config/settings.js';

const MIN_RSA_BITS = 2048;
const MIN_SECRET_BYTES = 32;

interface Fitness {
  readonly isMet: (key: KeyObject) => boolean;
  readonly needs: string;
}

const RSA: Fitness = {
  isMet: ({ asymmetricKeyType, asymmetricKeyDetails }) =>
    asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS,
  needs: `an RSA key of ${MIN_RSA_BITS} bits or more`,
};

// RFC 7518 3.2 to 3.5, RFC 8037 3.1.
const FITNESS: Readonly<Record<JwtAlgorithm, Fitness>> = {
  ES256: {
    isMet: ({ asymmetricKeyDetails }) => asymmetricKeyDetails?.namedCurve === 'prime256v1',
    needs: 'an EC key on the curve P-256',
  },
  RS256: RSA,
  PS256: RSA,
  EdDSA: {
    isMet: ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519',
    needs: 'an Ed25519 key',
  },
  HS256: {
    isMet: ({ symmetricKeySize = 0 }) => symmetricKeySize >= MIN_SECRET_BYTES,
    needs: 'a secret of 256 bits or more',
  },
};

/** What makes a key unfit for its algorithm, by its kind or its size, as the rest of a sentence; or `null`. */
export function unfitnessOf(algorithm: JwtAlgorithm, key: KeyObject): string | null {
  const { isMet, needs } = FITNESS[algorithm];
  return isMet(key) ? null : `is not ${needs}, which ${algorithm} needs`;
}
