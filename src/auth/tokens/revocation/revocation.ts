/** Something that takes tokens back: one token (jti), one session (sid), or a user's tokens below a version. */
export type Revocation =
  | { readonly reach: 'token' | 'session'; readonly subject: string; readonly expiresAt: number }
  | {
      readonly reach: 'user';
      readonly subject: string;
      readonly version: number;
      readonly expiresAt: number;
    };

/** Reads a revocation back from JSON. @throws Error when it is none */
export function parseRevocation(text: string): Revocation {
  const value: unknown = JSON.parse(text);
  if (
    typeof value === 'object' &&
    value !== null &&
    'reach' in value &&
    'subject' in value &&
    'expiresAt' in value
  ) {
    const { reach, subject, expiresAt } = value;
    if (typeof subject === 'string' && typeof expiresAt === 'number') {
      if (reach === 'token' || reach === 'session') {
        return { reach, subject, expiresAt };
      }
      if (reach === 'user' && 'version' in value && typeof value.version === 'number') {
        return { reach, subject, version: value.version, expiresAt };
      }
    }
  }
  throw new Error(`not a revocation: ${text.slice(0, 200)}`);
}
