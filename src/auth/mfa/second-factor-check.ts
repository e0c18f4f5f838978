import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Problem } from '../../http/problem.js';
import { AccountLimiter } from '../../throttling/account-limiter.js';
import type { User } from '../../users/user.entity.js';
import { OwnerNotice } from '../owner-notice.js';
import { SecondFactors, type UsedFactor } from './second-factors.js';

/** What wrong codes are counted by. */
const CODES = 'second-factor';

/** Asks those who have proved their password for a code, too. */
@Injectable()
export class SecondFactorCheck {
  constructor(
    private readonly factors: SecondFactors,
    private readonly accountLimiter: AccountLimiter,
    private readonly notice: OwnerNotice,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Counts an attempt, before the transaction that the code is for. Codes are counted apart from passwords, which who
   * guesses at codes knows, so that neither proving the password nor setting a new one gives more tries.
   * @throws Problem `mfa-required` without a code, `too-many-requests`
   */
  async countAttempt(
    { id, email }: Pick<User, 'id' | 'email'>,
    code: string | undefined,
    caller: Caller,
  ): Promise<string> {
    if (code === undefined) {
      this.audit.record('second-factor-asked', { userId: id }, caller);
      throw new Problem('mfa-required', 'The account has a second factor: send a code of it as `code`, too.');
    }
    await this.accountLimiter.countAttempt(email, CODES, caller);
    return code;
  }

  /** Uses a code up, in the transaction that it is for. @throws Problem `mfa-required` for one that is wrong, too old or used */
  async take(manager: EntityManager, userId: string, code: string, caller: Caller): Promise<UsedFactor> {
    const used = await this.factors.take(manager, userId, code);
    if (!used) {
      this.audit.record('second-factor-refused', { userId }, caller);
      throw new Problem('mfa-required', 'The code is wrong, too old or used: send another one as `code`.');
    }
    return used;
  }

  /** Forgets the attempts, and tells the owner of a recovery code; called after the commit. */
  settle(user: User, used: UsedFactor | null, caller: Caller): void {
    if (used === null) {
      return;
    }
    this.accountLimiter.forgetAttempts(user.email, CODES);
    if (used === 'recovery-code') {
      this.audit.record('recovery-code-used', { userId: user.id }, caller);
      this.notice.factorChanged(user.email, 'recovery-code-used');
    }
  }
}
