import type { EntityManager } from 'typeorm';
import { ADVISORY_LOCKS } from '../../../database/advisory-locks.js';
import { SEALING_PURPOSE, unsealKey } from './key-store.js';
import { deriveSealingKey, seal } from './sealing.js';
import { SigningKeyRow } from './signing-key.entity.js';

/**
 * Encrypts every signing key under a new secret, in the caller's transaction, and says how many.
 * @throws UnreadableSigningKeyError when one was sealed under another secret than the old one
 */
export async function resealKeys(
  manager: EntityManager,
  oldSecret: string,
  newSecret: string,
): Promise<number> {
  const oldKey = deriveSealingKey(oldSecret, SEALING_PURPOSE);
  const newKey = deriveSealingKey(newSecret, SEALING_PURPOSE);
  await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.keyRing]);
  const rows = await manager.find(SigningKeyRow);
  for (const row of rows) {
    const sealedPrivateKey = seal(newKey, unsealKey(oldKey, row), row.kid);
    await manager.update(SigningKeyRow, { kid: row.kid }, { sealedPrivateKey });
  }
  return rows.length;
}
