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
    const { message } = await this.composer.sendMail(messageOf(mail, this.from));
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.folder, `${v7()}.eml`), message, { mode: 0o600 });
  }
}
