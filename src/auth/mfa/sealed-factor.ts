import { unseal } from '../tokens/keys/sealing.js';
import type { SecondFactor } from './second-factor.entity.js';

/** What the key that seals the secrets is derived for. */
export const FACTOR_SEALING_PURPOSE = 'second-factors';

/** Thrown when a secret was sealed under another KEY_ENCRYPTION_SECRET. */
export class UnreadableSecondFactorError extends Error {
  constructor(userId: string) {
    super(
      `The second factor of the account ${userId} cannot be decrypted: KEY_ENCRYPTION_SECRET is not the one it was ` +
        'stored with. Its recovery codes are good; npm run admin -- remove-second-factor takes it away.',
    );
    this.name = 'UnreadableSecondFactorError';
  }
}

/** The secret of a second factor. @throws UnreadableSecondFactorError */
export function unsealFactor(
  sealingKey: Buffer,
  { userId, sealedSecret }: Pick<SecondFactor, 'userId' | 'sealedSecret'>,
): Buffer {
  try {
    return unseal(sealingKey, sealedSecret, userId);
  } catch {
    throw new UnreadableSecondFactorError(userId);
  }
}

/** Whether a second factor was sealed with this key. */
export function canUnseal(sealingKey: Buffer, factor: SecondFactor): boolean {
  try {
    unsealFactor(sealingKey, factor);
    return true;
  } catch (error) {
    if (error instanceof UnreadableSecondFactorError) {
      return false;
    }
    throw error;
  }
}
