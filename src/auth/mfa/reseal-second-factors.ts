import type { EntityManager } from 'typeorm';
import { deriveSealingKey, seal, unseal } from '../tokens/keys/sealing.js';
import { SecondFactor } from './second-factor.entity.js';
import { FACTOR_SEALING_PURPOSE } from './second-factors.js';

/** Encrypts the secret of every second factor under a new secret, in the caller's transaction, and says how many. */
export async function resealSecondFactors(
  manager: EntityManager,
  oldSecret: string,
  newSecret: string,
): Promise<number> {
  const oldKey = deriveSealingKey(oldSecret, FACTOR_SEALING_PURPOSE);
  const newKey = deriveSealingKey(newSecret, FACTOR_SEALING_PURPOSE);
  const factors = await manager.find(SecondFactor, { lock: { mode: 'pessimistic_write' } });
  for (const { userId, sealedSecret } of factors) {
    const resealed = seal(newKey, unseal(oldKey, sealedSecret, userId), userId);
    await manager.update(SecondFactor, { userId }, { sealedSecret: resealed });
  }
  return factors.length;
}
