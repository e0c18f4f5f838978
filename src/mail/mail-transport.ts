import type { SendMailOptions } from 'nodemailer';
import type { Mail } from './mail.js';

/** Hands mails on: to an SMTP server, or into a folder. */
export interface MailTransport {
  /** Resolves when the mail has been taken. @throws UndeliveredMail, or what the file system says */
  send(mail: Mail): Promise<void>;
}

/** Why a mail was not taken; holds neither the address nor anything of the mail, so that it can be logged. */
export class UndeliveredMail extends Error {
  readonly code: string | undefined;

  constructor(error: unknown) {
    super(reasonOf(error));
    this.name = 'UndeliveredMail';
    this.code = textOf(error, 'code');
  }
}

/** The message that nodemailer makes of a mail. */
export function messageOf({ to, subject, text }: Mail, from: string): SendMailOptions {
  return {
    from,
    // As an object, so that nothing in an address is read as a second one.
    to: { name: '', address: to },
    subject,
    text,
    // RFC 3834 5: nobody's “out of office” is to answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

// What a server answers often repeats the address: of that only the code and the command are kept.
function reasonOf(error: unknown): string {
  if (textOf(error, 'response') === undefined) {
    return error instanceof Error ? error.message : String(error);
  }
  const [code, command] = [textOf(error, 'responseCode'), textOf(error, 'command')];
  return `The mail server answered ${code} to ${command}.`;
}

function textOf(error: unknown, name: string): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
