import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { accountExistsMail, verifyEmailMail } from '../../mail/email-mails.js';
import type { Mail } from '../../mail/mail.js';
import { MailRoom } from '../../mail/mail-room.js';
import { normaliseEmail } from '../../users/email-address.js';
import { UsersService } from '../../users/users.service.js';
import { VERIFICATION_HOURS } from './email-verification-tokens.js';

/** The mails that verify addresses. What they say depends on what is found after the answer, which gives nothing away. */
@Injectable()
export class VerificationMails {
  constructor(
    private readonly settings: Settings,
    private readonly users: UsersService,
    private readonly mailRoom: MailRoom,
  ) {}

  /** Sends the link that verifies an address, if a token can be had for it. */
  sendLink(email: string, issue: () => Promise<string | null>): void {
    const to = normaliseEmail(email);
    this.mailRoom.post('email-verification', async () => this.linkMail(to, await issue()));
  }

  /** Sends the link that would give an account this address, or says that there is one with it already. */
  sendLinkUnlessTaken(email: string, issue: () => Promise<string | null>): void {
    const to = normaliseEmail(email);
    this.mailRoom.post('email-verification', async () =>
      (await this.users.findByEmail(to)) ? accountExistsMail(to) : this.linkMail(to, await issue()),
    );
  }

  // The token is in the fragment, which browsers send to no server and in no Referer.
  private linkMail(to: string, token: string | null): Mail | null {
    const link = `${this.settings.EMAIL_VERIFICATION_URL}#token=${token}`;
    return token === null ? null : verifyEmailMail(to, link, VERIFICATION_HOURS);
  }
}
