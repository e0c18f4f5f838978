import { inWords } from './in-words.js';
import type { Mail } from './mail.js';

// As in the mails about passwords: nothing that anybody may choose stands in these texts.

/** The link that verifies an address. */
export function verifyEmailMail(to: string, link: string, hours: number): Mail {
  return {
    to,
    subject: 'Verify your address',
    text: [
      'Somebody, we hope you, has given us this address for an account.',
      '',
      `To say that it is yours, open this link. It works once, and for ${hours} hours:`,
      '',
      link,
      '',
      'If it was not you, do nothing: the account does not get your address',
      'then.',
      '',
    ].join('\n'),
  };
}

/** Tells the owner of an account that somebody wanted another one with the same address. */
export function accountExistsMail(to: string): Mail {
  return {
    to,
    subject: 'You have an account already',
    text: [
      'Somebody, we hope you, has asked for an account with this address. There is',
      'one already, and it has not been changed.',
      '',
      'If it was you, sign in. If you do not know the password any more, ask for a',
      'new one with "forgotten password" there.',
      '',
      'If it was not you, there is nothing to do.',
      '',
    ].join('\n'),
  };
}

/** Tells the old address that the account has another one now (ASVS 6.3.7). */
export function emailChangedMail(to: string, changedAt: Date): Mail {
  return {
    to,
    subject: 'Your address was changed',
    text: [
      'The account that had this address got another one on',
      `${inWords(changedAt)}. Mails about it go there from now on.`,
      '',
      'If it was you, there is nothing to do.',
      '',
      'If it was not you, somebody knows your password: write to the shop at once.',
      '',
    ].join('\n'),
  };
}
