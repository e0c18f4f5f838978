import { inWords } from './in-words.js';
import type { Mail } from './mail.js';

// Nothing that anybody may choose, such as the name of an account, stands in these texts: whoever registers somebody
// else's address would have us send words of theirs.

/** The link that sets a new password. */
export function passwordResetMail(to: string, link: string, minutes: number): Mail {
  return {
    to,
    subject: 'Set a new password',
    text: [
      'Somebody, we hope you, has asked to set a new password for the account',
      'with this address.',
      '',
      `To set it, open this link. It works once, and for ${minutes} minutes:`,
      '',
      link,
      '',
      'If it was not you, do nothing: your password stays as it is.',
      '',
    ].join('\n'),
  };
}

/** Tells the owner that the password is another one now (ASVS 6.3.7). */
export function passwordChangedMail(to: string, changedAt: Date): Mail {
  return {
    to,
    subject: 'Your password was changed',
    text: [
      'The password of the account with this address was changed on',
      `${inWords(changedAt)}.`,
      '',
      'If it was you, there is nothing to do.',
      '',
      'If it was not you, ask for a new password at once, with "forgotten',
      'password" where you sign in. Setting one ends every session, also that of',
      'whoever changed it.',
      '',
    ].join('\n'),
  };
}
