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

const generate = promisify(generateKeyPair);

/** A key to sign with and the key to verify with; the same object for HS256. */
export interface KeyMaterial {
  readonly signingKey: KeyObject;
  readonly verifyingKey: KeyObject;
}

/** A public key as a JWK: members such as `kty`, `crv`, `x`, all of them text. */
export type PublicJwk = Record<string, string>;

/** Makes a key of full strength: P-256, RSA with 3072 bits, or 256 random bits (RFC 7518 3.2 to 3.4). */
export async function generateKeyMaterial(algorithm: JwtAlgorithm): Promise<KeyMaterial> {
  if (algorithm === 'HS256') {
    return secretKeyMaterial(randomBytes(32));
  }
  const { privateKey, publicKey } =
    algorithm === 'ES256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: 3072 });
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

/** Reads what `exportSecretPart` wrote. */
export function importSecretPart(algorithm: JwtAlgorithm, bytes: Buffer): KeyMaterial {
  if (algorithm === 'HS256') {
    return secretKeyMaterial(bytes);
  }
  const signingKey = createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
  return { signingKey, verifyingKey: createPublicKey(signingKey) };
}

/** The public part as a JWK (RFC 7517 4), or `null` for HS256, which has none. */
export function exportPublicJwk({ verifyingKey }: KeyMaterial): PublicJwk | null {
  if (verifyingKey.type !== 'public') {
    return null;
  }
  const members = Object.entries(verifyingKey.export({ format: 'jwk' }));
  return Object.fromEntries(members.map(([name, value]) => [name, String(value)]));
}
