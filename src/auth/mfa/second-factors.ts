import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, IsNull, LessThan, Not } from 'typeorm';
import { Settings } from '../../config/settings.js';
import { ADVISORY_LOCKS } from '../../database/advisory-locks.js';
import { Problem } from '../../http/problem.js';
import { Clock } from '../../time/clock.js';
import { KeyStore } from '../tokens/keys/key-store.js';
import { deriveSealingKey, seal } from '../tokens/keys/sealing.js';
import { RecoveryCode } from './recovery-code.entity.js';
import { digestOfRecoveryCode, makeRecoveryCodes } from './recovery-codes.js';
import { SecondFactor } from './second-factor.entity.js';
import { canUnseal, FACTOR_SEALING_PURPOSE, unsealFactor } from './sealed-factor.js';
import { looksLikeTotp, makeTotpSecret, totpStepOf } from './totp.js';

/** What a code was of. */
export type UsedFactor = 'totp' | 'recovery-code';

/** Second factors as they are kept: secrets encrypted, recovery codes as digests, every code good for one use. */
@Injectable()
export class SecondFactors {
  private readonly sealingKey: Buffer;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    settings: Settings,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
  ) {
    this.sealingKey = deriveSealingKey(settings.KEY_ENCRYPTION_SECRET, FACTOR_SEALING_PURPOSE);
  }

  /** Whether an account has one that is confirmed. */
  async isEnabled(userId: string, manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    return manager.existsBy(SecondFactor, { userId, confirmedAt: Not(IsNull()) });
  }

  /** How many recovery codes an account has left. */
  async recoveryCodesLeft(userId: string): Promise<number> {
    return this.dataSource.manager.countBy(RecoveryCode, { userId });
  }

  /**
   * Keeps a new secret that waits to be confirmed, in place of an older one that does, and answers with it.
   * @throws Problem `conflict` where this process has not been started anew since `KEY_ENCRYPTION_SECRET` was changed
   */
  async begin(manager: EntityManager, userId: string): Promise<Buffer> {
    await this.refuseOldSecret(manager);
    const secret = makeTotpSecret();
    await manager.upsert(
      SecondFactor,
      {
        userId,
        sealedSecret: seal(this.sealingKey, secret, userId),
        lastStep: '0',
        confirmedAt: null,
      },
      ['userId'],
    );
    return secret;
  }

  /** Whether a secret waits to be confirmed. */
  async isWaiting(manager: EntityManager, userId: string): Promise<boolean> {
    return manager.existsBy(SecondFactor, { userId, confirmedAt: IsNull() });
  }

  /** Confirms the secret that waits for it, with a code of it; `false` where the code is wrong. */
  async confirm(manager: EntityManager, userId: string, code: string): Promise<boolean> {
    if (!(await this.takeTotp(manager, userId, code))) {
      return false;
    }
    await manager.update(SecondFactor, { userId }, { confirmedAt: this.clock.date() });
    return true;
  }

  /** Uses a code up and says what it was of, or `null`; of many who come with it at once, one gets through. */
  async take(manager: EntityManager, userId: string, code: string): Promise<UsedFactor | null> {
    if (looksLikeTotp(code)) {
      return (await this.takeTotp(manager, userId, code)) ? 'totp' : null;
    }
    const { affected } = await manager.delete(RecoveryCode, { userId, digest: digestOfRecoveryCode(code) });
    return affected === 1 ? 'recovery-code' : null;
  }

  /** New recovery codes in place of the old ones. */
  async renewRecoveryCodes(manager: EntityManager, userId: string): Promise<string[]> {
    const codes = makeRecoveryCodes();
    await manager.delete(RecoveryCode, { userId });
    await manager.insert(
      RecoveryCode,
      codes.map((code) => ({ userId, digest: digestOfRecoveryCode(code) })),
    );
    return codes;
  }

  /** Takes an account's second factor away, and its recovery codes with it; `false` where there was none. */
  async remove(manager: EntityManager, userId: string): Promise<boolean> {
    const wasEnabled = await this.isEnabled(userId, manager);
    await manager.delete(SecondFactor, { userId });
    return wasEnabled;
  }

  // Secrets are encrypted anew all together, signing keys with them, and by nobody else meanwhile: one of each tells.
  private async refuseOldSecret(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.keyRing]);
    const [key] = await this.keys.rows(manager);
    const factor = await manager.findOneBy(SecondFactor, { confirmedAt: Not(IsNull()) });
    if ((key && !this.keys.canOpen(key)) || (factor && !canUnseal(this.sealingKey, factor))) {
      throw new Problem(
        'conflict',
        'KEY_ENCRYPTION_SECRET has been changed: start this process anew with it.',
      );
    }
  }

  // No code of a step that is not newer than the last one taken (RFC 6238 5.2).
  private async takeTotp(manager: EntityManager, userId: string, code: string): Promise<boolean> {
    const factor = await manager.findOneBy(SecondFactor, { userId });
    const step = factor && totpStepOf(unsealFactor(this.sealingKey, factor), code, this.clock.now());
    if (step === null) {
      return false;
    }
    const lastStep = String(step);
    const { affected } = await manager.update(
      SecondFactor,
      { userId, lastStep: LessThan(lastStep) },
      { lastStep },
    );
    return affected === 1;
  }
}
