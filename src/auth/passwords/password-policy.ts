import { dictionary } from '@zxcvbn-ts/language-common';
import { invalidField } from '../../http/problem.js';

const MIN_LENGTH = 8;
const MAX_LENGTH = 128;

/** The passwords that people use most, of a list of 49,000, lower case; those too short for the policy are left out. */
const commonPasswords: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].map(String).filter((word) => word.length >= MIN_LENGTH),
);

/** What else is known of the person, which a password must not repeat. */
export interface PasswordContext {
  readonly email: string;
  readonly displayName?: string | null;
}

/**
 * What is wrong with a new password, or `null` (ASVS 5.0 6.2.1, 6.2.4, 6.2.9, 6.2.11): 8 to 128 code points
 * of any composition, not a common one, and not the name of the shop, the person or the address.
 */
export function passwordFault(password: string, context: PasswordContext): string | null {
  const length = [...password].length;
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    return `must be ${MIN_LENGTH} to ${MAX_LENGTH} characters long`;
  }
  const lowerCase = password.toLowerCase();
  if (commonPasswords.has(lowerCase)) {
    return 'is one of the most common passwords; choose another';
  }
  if (contextWords(context).some((word) => lowerCase.includes(word))) {
    return 'must not contain the name of this service, your name or your address';
  }
  return null;
}

/** @throws Problem `validation-failed` at the pointer when the password is not allowed */
export function checkPassword(password: string, context: PasswordContext, pointer: string): void {
  const fault = passwordFault(password, context);
  if (fault) {
    throw invalidField(pointer, fault);
  }
}

// Words of three letters and less are in too many good passwords by chance.
function contextWords({ email, displayName }: PasswordContext): string[] {
  const [localPart = ''] = email.split('@');
  const names = [localPart, ...(displayName ?? '').split(/\s+/)];
  return ['latchkey', email, ...names]
    .map((word) => word.toLowerCase())
    .filter((word) => [...word].length > 3);
}
