/** One mail to one person, in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What a mail is about, as the log names it. */
export type MailKind =
  'password-reset' | 'password-changed' | 'email-verification' | 'email-changed' | 'second-factor-changed';
