import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What a server answered over TLS. */
export interface SecureAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: readonly string[];
  readonly text: string;
}

/** Sends JSON over TLS, to a server whose certificate nobody has signed. */
export async function sendSecurely(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<SecureAnswer> {
  const sent = request(`${url}${path}`, {
    method,
    rejectUnauthorized: false,
    agent: false,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, 'response');
  const { statusCode: status, headers: answered } = response;
  return { status, headers: answered, cookies: answered['set-cookie'] ?? [], text: await text(response) };
}
