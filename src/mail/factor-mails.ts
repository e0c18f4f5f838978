import { inWords } from './in-words.js';
import type { Mail } from './mail.js';

const SUBJECTS = {
  enabled: 'A second factor was set up',
  disabled: 'The second factor was taken away',
  'recovery-code-used': 'A recovery code was used',
  'recovery-codes-made': 'New recovery codes were made',
};

const SET_A_NEW_PASSWORD = [
  'If it was not you, somebody knows your password: set a new one at once, with',
  '"forgotten password" where you sign in. That ends every session.',
];

// A new password leaves the factor as it is: who has set one up keeps its owner out.
const WRITE_TO_THE_SHOP = [
  'If it was not you, somebody knows your password: set a new one at once, with',
  '"forgotten password" where you sign in, and write to the shop, which can take',
  'the factor away.',
];

/** What may happen to a second factor. */
export type FactorChange = keyof typeof SUBJECTS;

/** Tells the owner of an account what happened to its second factor (ASVS 6.3.7). */
export function factorChangedMail(to: string, change: FactorChange, changedAt: Date): Mail {
  const subject = SUBJECTS[change];
  return {
    to,
    subject,
    text: [
      `${subject} on ${inWords(changedAt)},`,
      'for the account with this address.',
      '',
      'If it was you, or if you asked us to, there is nothing to do.',
      '',
      ...(change === 'enabled' ? WRITE_TO_THE_SHOP : SET_A_NEW_PASSWORD),
      '',
    ].join('\n'),
  };
}
