// What a hashing thread does. JavaScript, because a thread loads the file itself, also under the test runner.
import { hashSync, verifySync } from '@node-rs/argon2';

/**
 * Hashes a password.
 * @param {{ password: string, parameters: import('@node-rs/argon2').Options }} task
 */
export function hash({ password, parameters }) {
  return hashSync(password, parameters);
}

/**
 * Checks a password.
 * @param {{ storedHash: string, password: string }} task
 */
export function verify({ storedHash, password }) {
  return verifySync(storedHash, password);
}
