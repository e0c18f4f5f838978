import type { Role } from '../../users/role.js';

/** What an access token says (RFC 9068 2.2): nothing about a person but an id and roles. Times in seconds. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string;
  /** User id. */
  readonly sub: string;
  /** Session id. */
  readonly sid: string;
  /** Token id. */
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  /** When the session's owner last proved their password (RFC 9068 2.2.1); a refresh does not change it. */
  readonly auth_time: number;
  /** The key that the token is bound to (RFC 9449 6.1), if it is. */
  readonly cnf?: { readonly jkt: string };
  readonly roles: readonly Role[];
  /** The user's version when the token was issued; a higher one takes it back. */
  readonly ver: number;
}

/** Whether the caller has one of the roles; `admin` has them all. */
export function hasRole(claims: AccessTokenClaims | undefined, ...roles: readonly Role[]): boolean {
  return (
    claims !== undefined &&
    (claims.roles.includes('admin') || roles.some((role) => claims.roles.includes(role)))
  );
}
