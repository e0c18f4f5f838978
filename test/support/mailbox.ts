import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Settings } from '../../src/config/settings.js';
import { MailRoom } from '../../src/mail/mail-room.js';
import type { TestApp } from './app.js';
import { until } from './process.js';
import type { TestDatabase } from './test-database.js';

/** A mail as it arrives. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** All of its headers, as they are written. */
  readonly headers: string;
  readonly text: string;
}

/** The folder that mails become files in. */
export function mailFolderOf(app: TestApp): string {
  return join(app.nest.get(Settings).DATA_DIR, 'mail');
}

/** Waits for the mails that are under way: they are written, counted and sent in no order. */
export async function mailsSettled(app: TestApp): Promise<void> {
  await app.nest.get(MailRoom, { strict: false }).settled();
}

/** The mails to an address that an app without a mail server has written, the oldest first, when all are there. */
export async function mailsTo(app: TestApp, address: string): Promise<ReceivedMail[]> {
  await mailsSettled(app);
  return mailsIn(mailFolderOf(app)).filter(({ to }) => to === address);
}

/** The mails in a folder, the oldest first. */
export function mailsIn(folder: string): ReceivedMail[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => parseMail(readFileSync(join(folder, name), 'utf8')));
}

/** The mails to an address that processes without a mail server have written so far, the oldest first. */
export function writtenTo({ environment }: TestDatabase, address: string): ReceivedMail[] {
  const folder = join(environment['DATA_DIR'] ?? '', 'mail');
  return existsSync(folder) ? mailsIn(folder).filter(({ to }) => to === address) : [];
}

/** Waits until processes have written so many mails to an address; what comes with them is done then. */
export async function mailsArrive(database: TestDatabase, address: string, count = 1): Promise<void> {
  await until(() => writtenTo(database, address).length === count, 20_000);
}

/** Reads a mail of plain ASCII text (RFC 5322 2.1). */
export function parseMail(source: string): ReceivedMail {
  const [headers = '', ...rest] = source.replaceAll('\r\n', '\n').split('\n\n');
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1] ?? '';
  return {
    from: header('From'),
    to: header('To'),
    subject: header('Subject'),
    headers,
    text: decode(rest.join('\n\n'), header('Content-Transfer-Encoding')),
  };
}

// RFC 2045 6.7.
function decode(text: string, encoding: string): string {
  return encoding === 'quoted-printable'
    ? text
        .replaceAll('=\n', '')
        .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;
}

/** The token that sets a new password, from a mail. @throws Error where there is none */
export function resetTokenIn(mail: ReceivedMail | undefined): string {
  return tokenIn(mail, 'reset-password');
}

/** The token that verifies an address, from a mail. @throws Error where there is none */
export function verificationTokenIn(mail: ReceivedMail | undefined): string {
  return tokenIn(mail, 'verify-email');
}

function tokenIn(mail: ReceivedMail | undefined, page: string): string {
  const link = new RegExp(`^http://localhost:5173/${page}#token=([\\w-]{43})$`, 'm');
  const token = link.exec(mail?.text ?? '')?.[1];
  if (token === undefined) {
    throw new Error(`there is no link in this mail: ${mail?.text}`);
  }
  return token;
}

/** Asks for a new password and takes the token out of the mail. */
export async function askForToken(app: TestApp, email: string): Promise<string> {
  await mailsSettled(app);
  await app.post('/v1/auth/password/forgot', { email });
  return resetTokenIn((await mailsTo(app, email)).at(-1));
}
