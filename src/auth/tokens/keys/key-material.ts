import {
  type KeyObject,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { JwtAlgorithm } from '../../../config/settings.js';
import { unfitnessOf } from './key-strength.js';

const generate = promisify(generateKeyPair);

/** A key to sign with and the key to verify with; the same object for HS256. */
export interface KeyMaterial {
  readonly signingKey: KeyObject;
  readonly verifyingKey: KeyObject;
}

/** A public key as a JWK: members such as `kty`, `crv`, `x`, all of them text. */
export type PublicJwk = Record<string, string>;

type KeyPair = Promise<{ privateKey: KeyObject; publicKey: KeyObject }>;

const PAIRS: Readonly<Record<Exclude<JwtAlgorithm, 'HS256'>, () => KeyPair>> = {
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  RS256: () => generate('rsa', { modulusLength: 3072 }),
  PS256: () => generate('rsa', { modulusLength: 3072 }),
  EdDSA: () => generate('ed25519'),
};

/** Makes a key of full strength: P-256, Ed25519, RSA with 3072 bits, or 256 random bits (RFC 7518 3.2 to 3.5). */
export async function generateKeyMaterial(algorithm: JwtAlgorithm): Promise<KeyMaterial> {
  if (algorithm === 'HS256') {
    return secretKeyMaterial(randomBytes(32));
  }
  const { privateKey, publicKey } = await PAIRS[algorithm]();
  return { signingKey: privateKey, verifyingKey: publicKey };
}

/** Key material of an HMAC secret. */
export function secretKeyMaterial(secret: Buffer): KeyMaterial {
  const key = createSecretKey(secret);
  return { signingKey: key, verifyingKey: key };
}

/** The secret part as bytes, for sealing: PKCS #8 DER, or the HMAC secret itself. */
export function exportSecretPart({ signingKey }: KeyMaterial): Buffer {
  return signingKey.type === 'secret'
    ? signingKey.export()
    : signingKey.export({ format: 'der', type: 'pkcs8' });
}

/** Reads what `exportSecretPart` wrote. @throws Error for a key that is too weak for its algorithm */
export function importSecretPart(algorithm: JwtAlgorithm, bytes: Buffer): KeyMaterial {
  const material = algorithm === 'HS256' ? secretKeyMaterial(bytes) : privateKeyMaterial(bytes);
  const unfitness = unfitnessOf(algorithm, material.verifyingKey);
  if (unfitness) {
    throw new Error(`A signing key in the database ${unfitness}.`);
  }
  return material;
}

function privateKeyMaterial(pkcs8: Buffer): KeyMaterial {
  const signingKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return { signingKey, verifyingKey: createPublicKey(signingKey) };
}

/** The public part as a JWK (RFC 7517 4), or `null` for HS256, which has none. */
export function exportPublicJwk({ verifyingKey }: Pick<KeyMaterial, 'verifyingKey'>): PublicJwk | null {
  if (verifyingKey.type !== 'public') {
    return null;
  }
  const members = Object.entries(verifyingKey.export({ format: 'jwk' }));
  return Object.fromEntries(members.map(([name, value]) => [name, String(value)]));
}
