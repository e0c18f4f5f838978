import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { type Caller, withoutRequest } from '../../http/caller.decorator.js';
import { MailRoom } from '../../mail/mail-room.js';
import { MailLimiter } from '../../throttling/mail-limiter.js';
import { requireMail } from '../require-mail.js';
import { EmailVerificationTokens } from './email-verification-tokens.js';
import { PendingRegistrations } from './pending-registrations.js';
import { VerificationMails } from './verification-mails.js';

/** Asking for the mail again. Whether there is anything to verify is looked up after the answer (ASVS 6.3.8). */
@Injectable()
export class ResendVerificationService {
  constructor(
    private readonly tokens: EmailVerificationTokens,
    private readonly pending: PendingRegistrations,
    private readonly limiter: MailLimiter,
    private readonly mails: VerificationMails,
    private readonly mailRoom: MailRoom,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Problem `unavailable` where no mail can be sent at all, whatever the address */
  resend(email: string, caller: Caller): void {
    requireMail(this.mailRoom);
    const from = withoutRequest(caller);
    this.mailRoom.decide('email-verification', async () => {
      if (await this.limiter.admits('verification', email)) {
        this.mails.sendLink(email, () => this.issue(email, from));
      } else {
        this.audit.record('email-verification-limited', {}, from); // the mails that were sent have to do
      }
    });
  }

  private async issue(email: string, caller: Caller): Promise<string | null> {
    const issued = await this.tokens.issue(email);
    this.audit.record('email-verification-requested', { userId: issued?.userId }, caller);
    return issued ? issued.token : this.pending.renew(email);
  }
}
