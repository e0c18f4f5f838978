import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { Settings } from '../../config/settings.js';
import { type Caller, withoutRequest } from '../../http/caller.decorator.js';
import type { Mail } from '../../mail/mail.js';
import { MailRoom } from '../../mail/mail-room.js';
import { passwordResetMail } from '../../mail/password-mails.js';
import { MailLimiter } from '../../throttling/mail-limiter.js';
import { requireMail } from '../require-mail.js';
import { PasswordResetTokens, RESET_TOKEN_MINUTES } from './password-reset-tokens.js';

/** Asking for a new password. Whether there is an account is looked up after the answer (ASVS 6.3.8). */
@Injectable()
export class ForgotPasswordService {
  constructor(
    private readonly settings: Settings,
    private readonly limiter: MailLimiter,
    private readonly tokens: PasswordResetTokens,
    private readonly mailRoom: MailRoom,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Problem `unavailable` where no mail can be sent at all, whatever the address */
  forgot(email: string, caller: Caller): void {
    requireMail(this.mailRoom);
    const from = withoutRequest(caller);
    this.mailRoom.decide('password-reset', async () => {
      if (await this.limiter.admits('reset', email)) {
        this.mailRoom.post('password-reset', () => this.write(email, from));
      } else {
        this.audit.record('password-reset-limited', {}, from); // the mails that were sent have to do
      }
    });
  }

  private async write(email: string, caller: Caller): Promise<Mail | null> {
    const issued = await this.tokens.issue(email);
    this.audit.record('password-reset-requested', { userId: issued?.userId }, caller);
    return issued && passwordResetMail(issued.email, this.linkWith(issued.token), RESET_TOKEN_MINUTES);
  }

  // In the fragment, which browsers send to no server and in no Referer.
  private linkWith(token: string): string {
    return `${this.settings.PASSWORD_RESET_URL}#token=${token}`;
  }
}
