import { ServiceClientsService } from '../../src/auth/oauth/service-clients.service.js';
import type { TestApp } from './app.js';
import type { Answer, Client } from './client.js';

/** The parameters of a form, or the very text to send. */
export type Form = Readonly<Record<string, string>> | string;

/** A service that introspects and revokes tokens with credentials of its own. */
export class Service {
  constructor(
    private readonly client: Client,
    readonly id: string,
    readonly secret: string,
  ) {}

  introspect(token: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('/v1/oauth/introspect', { token, ...more });
  }

  revoke(token: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('/v1/oauth/revoke', { token, ...more });
  }

  /** Sends a form with this service's credentials, unless other headers say something else. */
  send(path: string, form: Form, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return sendForm(this.client, path, form, { authorization: basic(this.id, this.secret), ...headers });
  }

  /** The same service, speaking to another server. */
  at(client: Client): Service {
    return new Service(client, this.id, this.secret);
  }
}

/** Makes a service that is told these private claims. */
export async function makeService(app: TestApp, ...claims: string[]): Promise<Service> {
  const { client, secret } = await app.nest.get(ServiceClientsService).create('a test', claims);
  return new Service(app, client.id, secret);
}

/** The id and the secret that `npm run clients -- create` prints. */
export function credentialsIn(output: string): { id: string; secret: string } {
  const [, id = '', secret = ''] = /^id: +(\S+)\nsecret: +(\S+)\n/.exec(output) ?? [];
  return { id, secret };
}

/** Sends a form. */
export function sendForm(
  client: Client,
  path: string,
  form: Form,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  return client.send('POST', path, {
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

/** An `Authorization` header (RFC 7617 2). */
export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}
