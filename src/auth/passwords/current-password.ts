import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Problem } from '../../http/problem.js';
import { AccountLimiter } from '../../throttling/account-limiter.js';
import type { User } from '../../users/user.entity.js';
import { SecondFactorCheck, type SentCode } from '../mfa/second-factor-check.js';
import { type PasswordSetAt, PasswordsService } from './passwords.service.js';

/** Counts those who are signed in apart: guesses by others keep no owner from changing the password. */
export const SIGNED_IN = 'signed-in';

/** Asks owners for their password once more, before what cannot be undone. */
@Injectable()
export class CurrentPassword {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly secondFactor: SecondFactorCheck,
    private readonly accountLimiter: AccountLimiter,
    private readonly audit: AuditLog,
  ) {}

  /** Answers with when the password was set. @throws Problem `invalid-credentials` for a wrong password, `too-many-requests` after too many */
  async require(owner: User, password: string, caller: Caller): Promise<PasswordSetAt> {
    return this.requireWithCode(owner, { password }, caller, async (setAt) => setAt);
  }

  /**
   * The same where a code of a second factor may have to follow, and then what goes on with both.
   * @throws Problem `invalid-credentials`, `too-many-requests`, and what the work throws
   */
  async requireWithCode<T>(
    owner: User,
    { password, code }: { password: string; code?: string | undefined },
    caller: Caller,
    work: (setAt: PasswordSetAt, sent: SentCode | null) => Promise<T>,
  ): Promise<T> {
    const attempt = { email: owner.email, knownSource: SIGNED_IN, code };
    return this.secondFactor.withAttempt(attempt, caller, async (sent) =>
      work(await this.check(owner, password, caller), sent),
    );
  }

  private async check({ id, email }: User, password: string, caller: Caller): Promise<PasswordSetAt> {
    const setAt = await this.passwords.verify(id, password);
    if (!setAt) {
      this.audit.record('password-check-failed', { userId: id }, caller);
      throw new Problem('invalid-credentials', 'The current password is wrong.');
    }
    this.accountLimiter.forgetAttempts(email, SIGNED_IN);
    return setAt;
  }
}
