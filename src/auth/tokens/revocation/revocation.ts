import { isUuid } from '../../../http/uuid-param.pipe.js';

/** Something that takes tokens back: one token (jti), one session (sid), or a user's tokens below a version. */
export type Revocation =
  | { readonly reach: 'token' | 'session'; readonly subject: string; readonly expiresAt: number }
  | {
      readonly reach: 'user';
      readonly subject: string;
      readonly version: number;
      readonly expiresAt: number;
    };

/** The highest version that a column of type `integer` holds. */
const MAX_VERSION = 2 ** 31 - 1;

/** Reads a list of revocations back from JSON. @throws Error when it is none */
export function parseRevocations(text: string): Revocation[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || !list.every(isRevocation)) {
    throw new Error('not a list of revocations');
  }
  return list;
}

function isRevocation(value: unknown): value is Revocation {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const member = (name: string): unknown => Reflect.get(value, name);
  const [reach, subject, version] = [member('reach'), member('subject'), member('version')];
  if (typeof subject !== 'string' || !isUuid(subject) || !isWholeUpTo(8.64e15, member('expiresAt'))) {
    return false;
  }
  return reach === 'user' ? isWholeUpTo(MAX_VERSION, version) : reach === 'token' || reach === 'session';
}

function isWholeUpTo(highest: number, value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= highest;
}
