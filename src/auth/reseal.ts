import type { DataSource } from 'typeorm';
import { resealSecondFactors } from './mfa/reseal-second-factors.js';
import { resealKeys } from './tokens/keys/reseal-keys.js';

/**
 * Encrypts all that is encrypted under `KEY_ENCRYPTION_SECRET` under a new one, everything or nothing, and says how many.
 * @throws UnreadableSigningKeyError, UnreadableSecondFactorError when one was sealed under another secret than the old one
 */
export async function resealAll(
  dataSource: DataSource,
  oldSecret: string,
  newSecret: string,
): Promise<{ keys: number; factors: number }> {
  return dataSource.transaction(async (manager) => ({
    keys: await resealKeys(manager, oldSecret, newSecret),
    factors: await resealSecondFactors(manager, oldSecret, newSecret),
  }));
}
