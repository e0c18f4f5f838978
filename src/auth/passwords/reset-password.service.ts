import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Problem } from '../../http/problem.js';
import { AccountLimiter } from '../../throttling/account-limiter.js';
import { AccountAdministrationService } from '../../users/account-administration.service.js';
import { User } from '../../users/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import { deadLink } from '../dead-link.js';
import { OwnerNotice } from '../owner-notice.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { ProvedAccount } from '../devices/device-cookie.js';
import { SIGNED_IN } from './current-password.js';
import type { ResetPasswordDto } from './dto/reset-password.dto.js';
import { checkPassword } from './password-policy.js';
import { PasswordResetTokens } from './password-reset-tokens.js';
import { PasswordsService } from './passwords.service.js';

/** Setting a new password with a token from a mail, which ends every session (ASVS 7.4.3). */
@Injectable()
export class ResetPasswordService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly tokens: PasswordResetTokens,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly accounts: AccountAdministrationService,
    private readonly sessions: SessionsService,
    private readonly accountLimiter: AccountLimiter,
    private readonly notice: OwnerNotice,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Answers with the account and its new password. A weak one leaves the token as it is.
   * @throws Problem `invalid-token`, the same for a wrong, used, replaced or expired one and for a disabled account;
   * `validation-failed` for a weak password
   */
  async reset({ token, newPassword }: ResetPasswordDto, caller: Caller): Promise<ProvedAccount> {
    const userId = await this.tokens.ownerOf(token);
    const user = userId === null ? null : await this.dataSource.manager.findOneBy(User, { id: userId });
    if (user?.status !== 'active') {
      throw this.refusal(user?.id, caller);
    }
    checkPassword(newPassword, user, '/newPassword');
    const hash = await this.passwords.hash(newPassword);
    const proved = await this.dataSource.transaction((manager) =>
      this.resetIn(manager, user.id, token, hash),
    );
    if (!proved) {
      throw this.refusal(user.id, caller);
    }
    // Whoever forgot a password has often tried too many; the new one is to let them in.
    for (const source of [undefined, SIGNED_IN]) {
      this.accountLimiter.forgetAttempts(user.email, source);
    }
    this.audit.record('password-reset', { userId: user.id }, caller);
    this.notice.passwordChanged(user.email);
    return proved;
  }

  // The account is locked first: sign-ins that have checked the old password wait, and then find it changed. Nothing is
  // written before the token is known to be good, so there is nothing to roll back where it is not.
  private async resetIn(
    manager: EntityManager,
    userId: string,
    token: string,
    hash: string,
  ): Promise<ProvedAccount | null> {
    const user = await this.users.lockActive(manager, userId);
    if (!user || !(await this.tokens.spend(manager, userId, token))) {
      return null;
    }
    const password = await this.passwords.store(manager, userId, hash);
    await this.users.setVerifiedEmail(manager, userId, user.email); // whoever has the token reads the mail
    await this.accounts.raiseVersion(manager, userId);
    await this.sessions.endAll(manager, userId);
    return { email: user.email, ...password };
  }

  private refusal(userId: string | undefined, caller: Caller): Problem {
    this.audit.record('password-reset-refused', { userId }, caller);
    return deadLink();
  }
}
