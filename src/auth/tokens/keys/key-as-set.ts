import type { JwtAlgorithm, Settings } from '../../../config/settings.js';
import { type KeyMaterial, generateKeyMaterial, secretKeyMaterial } from './key-material.js';

/** Makes a key as JWT_ALGORITHM asks for it; where JWT_SECRET is set, of that. */
export async function makeKeyAsSet({ JWT_ALGORITHM, JWT_SECRET }: Settings): Promise<KeyMaterial> {
  return JWT_SECRET === undefined
    ? generateKeyMaterial(JWT_ALGORITHM)
    : secretKeyMaterial(Buffer.from(JWT_SECRET));
}

/** Whether a key is of the algorithm, and of the secret, that the settings ask for. */
export function isKeyAsSet(
  { JWT_ALGORITHM, JWT_SECRET }: Settings,
  algorithm: JwtAlgorithm,
  { signingKey }: KeyMaterial,
): boolean {
  return (
    algorithm === JWT_ALGORITHM &&
    (JWT_SECRET === undefined || signingKey.export().equals(Buffer.from(JWT_SECRET)))
  );
}
