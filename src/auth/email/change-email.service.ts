import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { invalidField } from '../../http/problem.js';
import { MailRoom } from '../../mail/mail-room.js';
import { MailLimiter } from '../../throttling/mail-limiter.js';
import { normaliseEmail } from '../../users/email-address.js';
import { UsersService } from '../../users/users.service.js';
import { requireMail } from '../require-mail.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { EmailVerificationTokens } from './email-verification-tokens.js';
import { VerificationMails } from './verification-mails.js';

/** Asking for another address, which takes hold once it is verified. */
@Injectable()
export class ChangeEmailService {
  constructor(
    private readonly users: UsersService,
    private readonly tokens: EmailVerificationTokens,
    private readonly limiter: MailLimiter,
    private readonly mails: VerificationMails,
    private readonly mailRoom: MailRoom,
    private readonly audit: AuditLog,
  ) {}

  /**
   * @throws Problem `validation-failed` for the address that the account has; `too-many-requests` and `unavailable` where
   * no mail can be sent
   */
  async change({ sub, sid }: AccessTokenClaims, newEmail: string, caller: Caller): Promise<void> {
    requireMail(this.mailRoom);
    const { email } = await this.users.get(sub);
    if (normaliseEmail(newEmail) === email) {
      throw invalidField('/newEmail', 'is the address that the account has');
    }
    await this.limiter.require('verification', newEmail, caller);
    const issued = await this.tokens.issueForChange(sub, sid, newEmail);
    this.audit.record('email-change-requested', { userId: sub, sessionId: sid }, caller);
    this.mails.sendLinkUnlessTaken(newEmail, () => Promise.resolve(issued?.token ?? null));
  }
}
