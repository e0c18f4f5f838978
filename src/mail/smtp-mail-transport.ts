import { type Transporter, createTransport } from 'nodemailer';
import type { Mail } from './mail.js';
import { type MailTransport, UndeliveredMail, messageOf } from './mail-transport.js';
import { type SmtpOptions } from './smtp-options.js';

/** Sends mails over SMTP, on a connection each. */
export class SmtpMailTransport implements MailTransport {
  private readonly smtp: Transporter;

  constructor(
    options: SmtpOptions,
    private readonly from: string,
  ) {
    this.smtp = createTransport(options);
  }

  async send(mail: Mail): Promise<void> {
    try {
      await this.smtp.sendMail(messageOf(mail, this.from));
    } catch (error) {
      throw new UndeliveredMail(error);
    }
  }
}
