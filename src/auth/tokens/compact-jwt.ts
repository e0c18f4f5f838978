import type { JwtAlgorithm } from '../../config/settings.js';
import { repeatsName } from './repeated-names.js';

/** The longest token that is looked at, in bytes. */
export const MAX_TOKEN_LENGTH = 8192;

/** What the header of one of our tokens says: which key, and with it which algorithm. */
export interface AccessTokenHeader {
  readonly alg: string;
  readonly kid: string;
}

/** A JWS in compact form (RFC 7515 3.1), read; nothing about its signature is known yet. */
export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What the signature is over. */
  readonly signed: string;
  /** In base64url. */
  readonly signature: string;
}

// A byte order mark stays, and is no JSON (RFC 8259 8.1).
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the header of a JWT in compact form (RFC 7515 3.1), or `null` where it cannot be one of ours: three parts
 * of canonical base64url, `typ` at+jwt (RFC 9068 2.1, RFC 8725 3.11), a `kid`, and no `crit` (RFC 7515 4.1.11:
 * we understand none). `jku`, `x5u`, `x5c` and `jwk` are not looked at: no key is ever taken from a token.
 */
export function readAccessTokenHeader(token: string): AccessTokenHeader | null {
  const jws = readCompactJws(token, MAX_TOKEN_LENGTH);
  if (!jws) {
    return null;
  }
  const { alg, typ, kid, crit } = jws.header;
  if (typeof alg !== 'string' || typeof kid !== 'string' || kid.length > 100 || crit !== undefined) {
    return null;
  }
  return typeof typ === 'string' && /^(application\/)?at\+jwt$/i.test(typ) ? { alg, kid } : null;
}

/**
 * Reads a JWS of three parts in canonical base64url whose header and payload are JSON objects in UTF-8 in which no name
 * comes twice, or `null`.
 */
export function readCompactJws(text: string, maxLength: number): CompactJws | null {
  if (text.length > maxLength) {
    return null;
  }
  const parts = text.split('.');
  if (parts.length !== 3 || !parts.every(isCanonicalBase64url)) {
    return null;
  }
  const [first = '', second = '', signature = ''] = parts;
  const [header, payload] = [parseObject(first), parseObject(second)];
  return header && payload ? { header, payload, signed: `${first}.${second}`, signature } : null;
}

/** Whether a key of one algorithm may verify a token that names another: never (RFC 8725 3.1). */
export function isKeysOwnAlgorithm(header: AccessTokenHeader, algorithm: JwtAlgorithm): boolean {
  return header.alg === algorithm;
}

// Node reads base64url leniently; a token that can be written in two ways would be two tokens.
function isCanonicalBase64url(part: string): boolean {
  return part.length > 0 && Buffer.from(part, 'base64url').toString('base64url') === part;
}

function parseObject(part: string): Record<string, unknown> | null {
  try {
    const text = utf8.decode(Buffer.from(part, 'base64url'));
    const value: unknown = JSON.parse(text);
    return isObject(value) && !repeatsName(text) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
