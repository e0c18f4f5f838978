import type { IncomingMessage } from 'node:http';
import { Problem } from '../../http/problem.js';

/** Anything that carries an HTTP request: Fastify's, or the bare one. */
export interface WithRawRequest {
  readonly raw: IncomingMessage;
}

/**
 * The access token of a request, from the `Authorization` header only (RFC 6750 2.1, RFC 9449 7.1, RFC 9700 4.3.2), or
 * `null` where the header is not there.
 * @throws Problem `invalid-token` for two headers, two schemes, another scheme or something that is no token
 */
export function accessTokenOf({ raw }: WithRawRequest): string | null {
  const header = raw.headers.authorization;
  if (header === undefined) {
    return null;
  }
  if (hasTwoAuthorizationHeaders(raw.rawHeaders)) {
    throw invalidToken('There are two Authorization headers.');
  }
  if (header.startsWith('Bearer ')) {
    return header.slice(7);
  }
  const match = /^(?:bearer|dpop) +([\w.~+/=-]+)$/i.exec(header);
  if (!match?.[1]) {
    throw invalidToken('The Authorization header is not “Bearer <token>” or “DPoP <token>”.');
  }
  return match[1];
}

/** Whether the access token of a request comes as one that is bound to a key (RFC 9449 7.1). */
export function usesDpopScheme({ raw }: WithRawRequest): boolean {
  const { authorization = '' } = raw.headers;
  return !authorization.startsWith('Bearer ') && /^dpop /i.test(authorization);
}

/** A 401 with the challenge of RFC 6750 3.1. */
export function invalidToken(detail: string): Problem {
  return new Problem('invalid-token', detail, {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}

/** A 401 for a request without a token; RFC 6750 3.1: the challenge names no error then, as that of any 401. */
export function unauthenticated(): Problem {
  return new Problem('unauthenticated', 'This route needs an access token: sign in first.');
}

/** Whether there are two `Authorization` headers: Node keeps the first and drops the other without a word. */
export function hasTwoAuthorizationHeaders(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') {
      count++;
    }
  }
  return count > 1;
}
