import { Problem } from '../http/problem.js';
import type { MailRoom } from '../mail/mail-room.js';

/** For what is nothing without its mail, whatever the address. @throws Problem `unavailable` where none can be sent now */
export function requireMail(mailRoom: MailRoom): void {
  if (!mailRoom.canSend) {
    throw new Problem('unavailable', 'This server sends no mail, so this cannot be done here.');
  }
  if (mailRoom.isFull) {
    throw new Problem('unavailable', 'Too many mails are waiting to be sent; try again in a minute.', {
      headers: { 'retry-after': '60' },
    });
  }
}
