import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { UsersService } from '../../users/users.service.js';
import { deadLink } from '../dead-link.js';
import { OwnerNotice } from '../owner-notice.js';
import { PasswordResetTokens } from '../passwords/password-reset-tokens.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { EmailVerificationToken } from './email-verification-token.entity.js';
import { EmailVerificationTokens } from './email-verification-tokens.js';
import { PendingRegistrations } from './pending-registrations.js';

/** Verifying an address with a token from a mail: of a registration, of an account, or the one an account is to get. */
@Injectable()
export class VerifyEmailService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly resetTokens: PasswordResetTokens,
    private readonly sessions: SessionsService,
    private readonly tokens: EmailVerificationTokens,
    private readonly pending: PendingRegistrations,
    private readonly notice: OwnerNotice,
    private readonly audit: AuditLog,
  ) {}

  /**
   * @throws Problem `invalid-token`, the same for a wrong, used, replaced or expired one, for a disabled account,
   * and for a change whose session has ended;
   * `conflict` where the address has got an account meanwhile
   */
  async verify(token: string, caller: Caller): Promise<void> {
    const found = await this.tokens.find(token);
    const isVerified = found
      ? await this.verifyAddress(found, token, caller)
      : await this.confirmRegistration(token, caller);
    if (!isVerified) {
      this.audit.record('email-verification-refused', { userId: found?.userId }, caller);
      throw deadLink();
    }
  }

  private async confirmRegistration(token: string, caller: Caller): Promise<boolean> {
    const user = await this.dataSource.transaction(async (manager) => {
      const registration = await this.pending.take(manager, token);
      if (!registration) {
        return null;
      }
      const created = await this.users.create(manager, { ...registration, emailVerified: true });
      await this.passwords.store(manager, created.id, registration.passwordHash);
      return created;
    });
    if (!user) {
      return false;
    }
    this.audit.record('registered', { userId: user.id }, caller);
    return true;
  }

  private async verifyAddress(
    found: EmailVerificationToken,
    token: string,
    caller: Caller,
  ): Promise<boolean> {
    const { userId, email } = found;
    const oldEmail = await this.dataSource.transaction((manager) => this.verifyIn(manager, found, token));
    if (oldEmail === null) {
      return false;
    }
    this.audit.record(oldEmail === email ? 'email-verified' : 'email-changed', { userId }, caller);
    if (oldEmail !== email) {
      this.notice.emailChanged(oldEmail);
    }
    return true;
  }

  // The account is locked first, as whoever issues or erases does. Whoever reads the mail of the old address can reset
  // nothing any more.
  private async verifyIn(
    manager: EntityManager,
    { userId, sessionId, email }: EmailVerificationToken,
    token: string,
  ): Promise<string | null> {
    const user = await this.users.lockActive(manager, userId);
    // Whoever was signed out, by an owner who has noticed, moves the account nowhere.
    const mayAsk =
      sessionId === null || (await this.sessions.lockLiving(manager, userId, sessionId)) !== null;
    if (!user || !mayAsk || !(await this.tokens.spend(manager, userId, token))) {
      return null;
    }
    await this.users.setVerifiedEmail(manager, userId, email);
    if (user.email !== email) {
      await this.resetTokens.forget(manager, userId);
    }
    return user.email;
  }
}
