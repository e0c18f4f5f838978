import { Injectable } from '@nestjs/common';
import { type FactorChange, factorChangedMail } from '../../mail/factor-mails.js';
import { MailRoom } from '../../mail/mail-room.js';
import { Clock } from '../../time/clock.js';
import type { User } from '../../users/user.entity.js';

/** Tells owners by mail what happened to their second factor (ASVS 6.3.7); called after the commit. */
@Injectable()
export class FactorNotice {
  constructor(
    private readonly mailRoom: MailRoom,
    private readonly clock: Clock,
  ) {}

  tell({ email }: User, change: FactorChange): void {
    const mail = factorChangedMail(email, change, this.clock.date());
    this.mailRoom.post('second-factor-changed', () => Promise.resolve(mail));
  }
}
