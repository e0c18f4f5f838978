import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Problem } from '../../http/problem.js';
import type { User } from '../../users/user.entity.js';
import { FactorNotice } from './factor-notice.js';
import { SecondFactors, type UsedFactor } from './second-factors.js';

/** Asks those who have proved their password for a code, too. */
@Injectable()
export class SecondFactorCheck {
  constructor(
    private readonly factors: SecondFactors,
    private readonly notice: FactorNotice,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Uses a code up, in the transaction that it is for.
   * @throws Problem `mfa-required` without a code, and for one that is wrong, too old or used
   */
  async require(
    manager: EntityManager,
    userId: string,
    code: string | undefined,
    caller: Caller,
  ): Promise<UsedFactor> {
    if (code === undefined) {
      this.audit.record('second-factor-asked', { userId }, caller);
      throw new Problem('mfa-required', 'The account has a second factor: send a code of it as `code`, too.');
    }
    const used = await this.factors.take(manager, userId, code);
    if (!used) {
      this.audit.record('second-factor-refused', { userId }, caller);
      throw new Problem('mfa-required', 'The code is wrong, too old or used: send another one as `code`.');
    }
    return used;
  }

  /** Records what was used, and tells the owner of a recovery code; called after the commit. */
  tell({ id, email }: User, used: UsedFactor | null, caller: Caller): void {
    if (used === 'recovery-code') {
      this.audit.record('recovery-code-used', { userId: id }, caller);
      this.notice.tell(email, 'recovery-code-used');
    }
  }
}
