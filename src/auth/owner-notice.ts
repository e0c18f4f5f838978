import { Injectable } from '@nestjs/common';
import { emailChangedMail } from '../mail/email-mails.js';
import { type FactorChange, factorChangedMail } from '../mail/factor-mails.js';
import { MailRoom } from '../mail/mail-room.js';
import { passwordChangedMail } from '../mail/password-mails.js';
import { Clock } from '../time/clock.js';

/** Tells owners by mail what happened to their account (ASVS 6.3.7); called after the commit. */
@Injectable()
export class OwnerNotice {
  constructor(
    private readonly mailRoom: MailRoom,
    private readonly clock: Clock,
  ) {}

  /** That the password is another one now. */
  passwordChanged(email: string): void {
    const mail = passwordChangedMail(email, this.clock.date());
    this.mailRoom.post('password-changed', () => Promise.resolve(mail));
  }

  /** That the account has another address now; told to the old one. */
  emailChanged(oldEmail: string): void {
    const mail = emailChangedMail(oldEmail, this.clock.date());
    this.mailRoom.post('email-changed', () => Promise.resolve(mail));
  }

  /** What happened to the second factor. */
  factorChanged(email: string, change: FactorChange): void {
    const mail = factorChangedMail(email, change, this.clock.date());
    this.mailRoom.post('second-factor-changed', () => Promise.resolve(mail));
  }
}
