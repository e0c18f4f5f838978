import type { JwtAlgorithm } from '../../config/settings.js';

/** The longest token that is looked at, in bytes. */
export const MAX_TOKEN_LENGTH = 8192;

/** What the header of one of our tokens says: which key, and with it which algorithm. */
export interface AccessTokenHeader {
  readonly alg: string;
  readonly kid: string;
}

// A byte order mark stays, and is no JSON (RFC 8259 8.1).
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the header of a JWT in compact form (RFC 7515 3.1), or `null` where it cannot be one of ours: three parts
 * of canonical base64url, `typ` at+jwt (RFC 9068 2.1, RFC 8725 3.11), a `kid`, and no `crit` (RFC 7515 4.1.11:
 * we understand none). `jku`, `x5u`, `x5c` and `jwk` are not looked at: no key is ever taken from a token.
 */
export function readAccessTokenHeader(token: string): AccessTokenHeader | null {
  if (token.length > MAX_TOKEN_LENGTH) {
    return null;
  }
  const parts = token.split('.');
  if (parts.length !== 3 || !parts.every(isCanonicalBase64url)) {
    return null;
  }
  const header = parseObject(parts[0] ?? '');
  // The payload is looked at too: JSON.parse would take the last of two claims of one name, others the first.
  if (!header || !parseObject(parts[1] ?? '')) {
    return null;
  }
  const { alg, typ, kid, crit } = header;
  if (typeof alg !== 'string' || typeof kid !== 'string' || kid.length > 100 || crit !== undefined) {
    return null;
  }
  return typeof typ === 'string' && /^(application\/)?at\+jwt$/i.test(typ) ? { alg, kid } : null;
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
    return isObject(value) && !repeatsName(text, value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// RFC 7519 4: a claim name must not come twice. Written out again, a doubled name is missing once; our own tokens come
// out as they went in.
function repeatsName(text: string, value: Record<string, unknown>): boolean {
  return text.replace(/\s/g, '') !== JSON.stringify(value).replace(/\s/g, '');
}
