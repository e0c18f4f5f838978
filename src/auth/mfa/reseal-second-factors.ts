import type { EntityManager } from 'typeorm';
import { deriveSealingKey, seal } from '../tokens/keys/sealing.js';
import { SecondFactor } from './second-factor.entity.js';
import { FACTOR_SEALING_PURPOSE, unsealFactor } from './sealed-factor.js';

/** Encrypts the secret of every second factor under a new secret, in the caller's transaction, and says how many. @throws UnreadableSecondFactorError */
export async function resealSecondFactors(
  manager: EntityManager,
  oldSecret: string,
  newSecret: string,
): Promise<number> {
  const oldKey = deriveSealingKey(oldSecret, FACTOR_SEALING_PURPOSE);
  const newKey = deriveSealingKey(newSecret, FACTOR_SEALING_PURPOSE);
  const factors = await manager.find(SecondFactor, { lock: { mode: 'pessimistic_write' } });
  for (const factor of factors) {
    const { userId } = factor;
    const sealedSecret = seal(newKey, unsealFactor(oldKey, factor), userId);
    await manager.update(SecondFactor, { userId }, { sealedSecret });
  }
  return factors.length;
}
