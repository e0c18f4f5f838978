import { randomBytes } from 'node:crypto';
import { digestOf } from '../opaque-token.js';
import { base32Of } from './totp.js';

/** How many an account gets. */
export const RECOVERY_CODES = 10;

// 120 bits: at 112 and above a plain digest protects them (ASVS 6.5.2).
const BYTES = 15;

/** New codes, each 24 letters and digits in groups of six. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    base32Of(randomBytes(BYTES)).replaceAll(/.{6}(?=.)/g, '$&-'),
  );
}

/** What is stored of a code, however it is typed: in small letters, with spaces, without hyphens. */
export function digestOfRecoveryCode(code: string): Buffer {
  return digestOf(code.replaceAll(/[\s-]/g, '').toUpperCase());
}
