import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Transporter, createTransport } from 'nodemailer';
import { v7 } from 'uuid';
import type { Mail } from './mail.js';
import { type MailTransport, messageOf } from './mail-transport.js';

/** Keeps each mail as an `.eml` file that only the owner of the process can read; for development. */
export class FolderMailTransport implements MailTransport {
  private readonly composer: Transporter;

  constructor(
    private readonly folder: string,
    private readonly from: string,
  ) {
    this.composer = createTransport({ streamTransport: true, buffer: true });
  }

  async send(mail: Mail): Promise<void> {
    const { message } = await this.composer.sendMail({ ...messageOf(mail, this.from), textEncoding: 'Q' });
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.folder, `${v7()}.eml`), unquoted(message), { mode: 0o600 });
  }
}

// Quoted-printable (RFC 2045 6.7) cuts a long link in two and changes its “=”. On disk nobody needs it.
function unquoted(message: Buffer): Buffer {
  const [head = '', ...body] = message.toString('latin1').split('\r\n\r\n');
  const encoding = /^Content-Transfer-Encoding: quoted-printable$/m;
  if (!encoding.test(head)) {
    return message;
  }
  const text = body
    .join('\r\n\r\n')
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  return Buffer.from(`${head.replace(encoding, 'Content-Transfer-Encoding: 8bit')}\r\n\r\n${text}`, 'latin1');
}
