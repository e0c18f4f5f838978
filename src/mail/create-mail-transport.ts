import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { FolderMailTransport } from './folder-mail-transport.js';
import type { MailTransport } from './mail-transport.js';
import { smtpOptionsOf } from './smtp-options.js';
import { SmtpMailTransport } from './smtp-mail-transport.js';

/** The transport that the settings ask for, or `null` where mails cannot be sent; the log says once what it is. */
export function createMailTransport(settings: Settings): MailTransport | null {
  const { MAIL_URL, MAIL_FROM, DATA_DIR, isProduction } = settings;
  const logger = new Logger('Mail');
  if (MAIL_URL !== undefined) {
    return new SmtpMailTransport(smtpOptionsOf(MAIL_URL, isProduction), MAIL_FROM);
  }
  if (isProduction) {
    logger.warn(
      'MAIL_URL is not set: no mail is sent, no forgotten password can be reset, and no address verified',
    );
    return null;
  }
  const folder = join(DATA_DIR, 'mail');
  logger.log(`MAIL_URL is not set: each mail becomes a file in ${folder}, for a mail program to open`);
  return new FolderMailTransport(folder, MAIL_FROM);
}
