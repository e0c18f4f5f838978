import { Problem } from '../../http/problem.js';
import { type WithRawRequest, hasTwoAuthorizationHeaders } from '../strategies/bearer-token.js';

/** What a service says to prove which one it is. */
export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The credentials in a request's one `Authorization: Basic` header (RFC 7617 2), or `null` where there are none that
 * can be read. Id and secret are form-urlencoded within it (RFC 6749 2.3.1).
 */
export function clientCredentialsOf({ raw }: WithRawRequest): ClientCredentials | null {
  const [, encoded] = /^basic +([\w+/-]+={0,2})$/i.exec(raw.headers.authorization ?? '') ?? [];
  if (encoded === undefined || hasTwoAuthorizationHeaders(raw.rawHeaders)) {
    return null;
  }
  try {
    const [, id, secret] = /^([^:]*):(.*)$/s.exec(utf8.decode(Buffer.from(encoded, 'base64'))) ?? [];
    return id === undefined || secret === undefined
      ? null
      : { id: formDecode(id), secret: formDecode(secret) };
  } catch {
    return null; // neither UTF-8 nor percent-encoding
  }
}

/** A 401 with the challenge that RFC 6749 5.2 asks for; the same whatever was wrong. */
export function invalidClient(): Problem {
  return new Problem('invalid-client', 'There is no living service with these credentials.', {
    headers: { 'www-authenticate': 'Basic realm="latchkey", charset="UTF-8"' },
  });
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
