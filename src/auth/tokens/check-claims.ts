import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { ROLES, type Role } from '../../users/role.js';
import { isUuid } from '../../http/uuid-param.pipe.js';

/** By how many seconds the clock of whoever issued a token may run ahead of ours. */
export const LEEWAY = 5;

/** Who we are, and when. */
export interface ClaimExpectations {
  readonly issuer: string;
  readonly audience: string;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * The claims of a token whose signature is right, or `null` where one of them is missing, of another type or shape,
 * from another issuer, for another audience, expired or not yet valid (RFC 7519 4.1, RFC 8725 3.8 to 3.10, RFC 9068 4).
 */
export function checkClaims(
  payload: unknown,
  { issuer, audience, now }: ClaimExpectations,
): AccessTokenClaims | null {
  if (typeof payload !== 'object' || payload === null) {
    return null;
  }
  const claim = (name: string): unknown => Reflect.get(payload, name);
  const iss = claim('iss');
  const [sub, sid, jti] = [claim('sub'), claim('sid'), claim('jti')];
  const [iat, exp, nbf, ver] = [claim('iat'), claim('exp'), claim('nbf'), claim('ver')];
  const [auth_time, cnf] = [claim('auth_time'), claim('cnf')];
  const roles = claim('roles');

  if (iss !== issuer || !names(claim('aud'), audience)) {
    return null;
  }
  if (!isId(sub) || !isId(sid) || !isId(jti) || !areRoles(roles) || !isVersion(ver)) {
    return null;
  }
  if (!isTime(iat) || !isTime(exp) || exp <= now || iat > now + LEEWAY) {
    return null;
  }
  if (!isTime(auth_time) || auth_time > now + LEEWAY) {
    return null;
  }
  if (nbf !== undefined && (!isTime(nbf) || nbf > now + LEEWAY)) {
    return null;
  }
  if (cnf !== undefined && !isConfirmation(cnf)) {
    return null;
  }
  return Object.freeze({
    iss: issuer,
    aud: audience,
    sub,
    sid,
    jti,
    iat,
    exp,
    auth_time,
    ...(cnf && { cnf: Object.freeze({ jkt: cnf.jkt }) }),
    roles: Object.freeze([...roles]),
    ver,
  });
}

function names(aud: unknown, audience: string): boolean {
  return aud === audience || (Array.isArray(aud) && aud.includes(audience));
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}

// Whole seconds up to the year 9999; 1e308 and -1 are numbers too.
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 253_402_300_800;
}

// RFC 7800 3.1: a token that is bound in a way that we do not know must not pass as one that is not bound.
function isConfirmation(value: unknown): value is { jkt: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    'jkt' in value &&
    typeof value.jkt === 'string' &&
    /^[\w-]{43}$/.test(value.jkt)
  );
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function areRoles(value: unknown): value is Role[] {
  return Array.isArray(value) && value.every((role) => ROLES.includes(role));
}
