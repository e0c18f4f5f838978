import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Caller } from '../http/caller.decorator.js';
import { AccountAdministrationService } from '../users/account-administration.service.js';
import { UsersService } from '../users/users.service.js';
import type { AccessTokenClaims } from './decorators/access-token-claims.js';
import { PendingRegistrations } from './email/pending-registrations.js';
import { OwnerLock } from './owner-lock.js';
import { CurrentPassword } from './passwords/current-password.js';

/** Erasing one's own account (ASVS 7.4.2): the row and all that hangs on it; its live tokens are refused at once. */
@Injectable()
export class DeleteAccountService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UsersService,
    private readonly accounts: AccountAdministrationService,
    private readonly pending: PendingRegistrations,
    private readonly currentPassword: CurrentPassword,
    private readonly owners: OwnerLock,
    private readonly audit: AuditLog,
  ) {}

  /**
   * @throws Problem `invalid-credentials` for a wrong password, `conflict` for the last active administrator, `invalid-token`
   * where the password has changed or the session has ended meanwhile
   */
  async delete({ sub: userId, sid }: AccessTokenClaims, password: string, caller: Caller): Promise<void> {
    const user = await this.users.get(userId);
    const setAt = await this.currentPassword.require(user, password, caller);
    await this.dataSource.transaction(async (manager) => {
      // In the order in which confirming a registration locks them.
      await this.pending.forget(manager, user.email);
      await this.accounts.lockAdmins(manager);
      await this.owners.lock(manager, { sub: userId, sid }, setAt);
      await this.accounts.erase(manager, userId);
    });
    this.audit.record('account-deleted', { userId }, caller);
  }
}
