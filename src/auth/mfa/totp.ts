import { Secret, TOTP } from 'otpauth';

// What every authenticator app can do (RFC 6238 1.2, RFC 4226 5.3).
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 };

/** How many steps before and after now a code may be of: clocks differ, and typing takes time (RFC 6238 5.2). */
const WINDOW = 1;

/** A new secret: 160 bits from the CSPRNG (RFC 4226 4, R6). */
export function makeTotpSecret(): Buffer {
  return Buffer.from(new Secret({ size: 20 }).bytes);
}

/** A secret as it is typed into an authenticator app: base32. */
export function base32Of(secret: Buffer): string {
  return secretOf(secret).base32;
}

/** A secret as an authenticator app reads it from a QR code. */
export function totpUri(secret: Buffer, issuer: string, label: string): string {
  return new TOTP({ ...PARAMETERS, issuer, label, secret: secretOf(secret) }).toString();
}

/** Whether a code is one of an authenticator app, and no recovery code; some apps show it as `123 456`. */
export function looksLikeTotp(code: string): boolean {
  return /^\d{3} ?\d{3}$/.test(code);
}

/** The time step that a code is of, or `null` where it is of none around now (milliseconds). */
export function totpStepOf(secret: Buffer, code: string, now: number): number | null {
  if (!looksLikeTotp(code)) {
    return null; // the library compares bytes, and throws where there are not as many
  }
  const token = code.replaceAll(' ', '');
  const key = secretOf(secret);
  const distance = TOTP.validate({ ...PARAMETERS, token, secret: key, timestamp: now, window: WINDOW });
  return distance === null ? null : TOTP.counter({ period: PARAMETERS.period, timestamp: now }) + distance;
}

function secretOf(bytes: Buffer): Secret {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer });
}
