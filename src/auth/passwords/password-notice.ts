import { Injectable } from '@nestjs/common';
import { MailRoom } from '../../mail/mail-room.js';
import { passwordChangedMail } from '../../mail/password-mails.js';
import { Clock } from '../../time/clock.js';

/** Tells owners by mail what happened to their password (ASVS 6.3.7). */
@Injectable()
export class PasswordNotice {
  constructor(
    private readonly mailRoom: MailRoom,
    private readonly clock: Clock,
  ) {}

  /** Says that it is another one now; called after the commit. */
  passwordChanged(email: string): void {
    const mail = passwordChangedMail(email, this.clock.date());
    this.mailRoom.post('password-changed', () => Promise.resolve(mail));
  }
}
