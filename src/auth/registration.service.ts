import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { Settings } from '../config/settings.js';
import type { Caller } from '../http/caller.decorator.js';
import { MailRoom } from '../mail/mail-room.js';
import { DueHits } from '../throttling/due-hits.js';
import { MailLimiter } from '../throttling/mail-limiter.js';
import type { User } from '../users/user.entity.js';
import { AuthService, type NewAccount } from './auth.service.js';
import { EmailVerificationTokens } from './email/email-verification-tokens.js';
import { PendingRegistrations } from './email/pending-registrations.js';
import { VerificationMails } from './email/verification-mails.js';
import { checkPassword } from './passwords/password-policy.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { requireMail } from './require-mail.js';

/** Registering: at once, or once the address is verified, as `EMAIL_VERIFICATION` has it. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly settings: Settings,
    private readonly auth: AuthService,
    private readonly passwords: PasswordsService,
    private readonly pending: PendingRegistrations,
    private readonly tokens: EmailVerificationTokens,
    private readonly limiter: MailLimiter,
    private readonly due: DueHits,
    private readonly mails: VerificationMails,
    private readonly mailRoom: MailRoom,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Makes an account, or answers with `null` where it is made once its address is verified.
   * @throws Problem `validation-failed` for a weak password; `conflict` where the address has an account, but only where
   * it need not be verified; `too-many-requests` and `unavailable` where a mail would have to be sent and is not
   */
  async register(account: NewAccount, caller: Caller): Promise<User | null> {
    if (this.settings.EMAIL_VERIFICATION === 'required') {
      await this.keep(account, caller);
      return null;
    }
    await this.due.count(caller.request);
    const user = await this.auth.register(account, caller);
    this.sendLink(user.email);
    return user;
  }

  private sendLink(email: string): void {
    this.mailRoom.decide('email-verification', async () => {
      if (await this.limiter.admits('registration', email)) {
        this.mails.sendLink(email, async () => (await this.tokens.issue(email))?.token ?? null);
      }
    });
  }

  private async keep(account: NewAccount, caller: Caller): Promise<void> {
    requireMail(this.mailRoom);
    const { email, password, displayName } = account;
    checkPassword(password, account, '/password');
    const hash = await this.hashCounted(email, password, caller);
    const token = await this.pending.keep(email, hash, displayName ?? null);
    this.audit.record('registration-requested', {}, caller);
    this.mails.sendLinkUnlessTaken(email, () => Promise.resolve(token));
  }

  // On its own, so that what waits for the mail keeps neither the password nor the request in memory.
  private async hashCounted(email: string, password: string, caller: Caller): Promise<string> {
    return this.passwords.admit(async () => {
      await this.limiter.require('registration', email, caller);
      return this.passwords.hash(password);
    });
  }
}
