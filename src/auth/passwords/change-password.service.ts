import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { UsersService } from '../../users/users.service.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import type { ProvedAccount } from '../devices/device-cookie.js';
import type { Session } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { OwnerLock } from '../owner-lock.js';
import { OwnerNotice } from '../owner-notice.js';
import { CurrentPassword } from './current-password.js';
import type { ChangePasswordDto } from './dto/change-password.dto.js';
import { checkPassword } from './password-policy.js';
import { PasswordsService } from './passwords.service.js';

/** A password that has just been changed, and the session in which it was. */
export interface ChangedPassword {
  readonly account: ProvedAccount;
  readonly session: Session;
}

/** Changing one's password, which ends every other session (ASVS 7.4.3). */
@Injectable()
export class ChangePasswordService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UsersService,
    private readonly currentPassword: CurrentPassword,
    private readonly owners: OwnerLock,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly notice: OwnerNotice,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Answers with the new password, and the session that goes on.
   * @throws Problem `invalid-credentials` for a wrong current password, `validation-failed` for a weak new one,
   * `invalid-token` where the password has changed or the session has ended meanwhile
   */
  async change(
    { sub, sid }: AccessTokenClaims,
    { currentPassword, newPassword }: ChangePasswordDto,
    caller: Caller,
  ): Promise<ChangedPassword> {
    const user = await this.users.get(sub);
    const setAt = await this.currentPassword.require(user, currentPassword, caller);
    checkPassword(newPassword, user, '/newPassword');
    const hash = await this.passwords.hash(newPassword);
    const changed = await this.dataSource.transaction(async (manager) => {
      // Sign-ins that have checked the old password wait here, and then find it changed. So does whoever changes it at once,
      // with the old one or a link from a mail: the first one counts.
      const { session } = await this.owners.lock(manager, { sub, sid }, setAt);
      const password = await this.passwords.store(manager, sub, hash);
      await this.sessions.endOthers(manager, sub, sid);
      return { account: { email: user.email, ...password }, session };
    });
    this.audit.record('password-changed', { userId: sub, sessionId: sid }, caller);
    this.notice.passwordChanged(user.email);
    return changed;
  }
}
