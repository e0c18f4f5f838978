import { ServiceClientsService } from '../../src/auth/oauth/service-clients.service.js';
import { type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { type Service, basic, makeService, sendForm } from '../support/service.js';
import { dumpDatabase, secretsFoundIn } from './support/database-dump.js';
import { INJECTIONS } from './support/injections.js';
import { errorsIn } from './support/log-lines.js';
import { NO_ID } from './support/openapi-routes.js';
import { sendRaw } from '../support/raw-http.js';

const PATHS = ['/v1/oauth/introspect', '/v1/oauth/revoke'];

describe('the credentials of a service', () => {
  let app: TestApp;
  let service: Service;
  let customer: string;
  beforeAll(async () => {
    app = await startTestApp();
    service = await makeService(app);
    customer = await app.signIn('customer');
  });
  afterAll(() => app.close());

  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const percent = (text: string): string =>
    text.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

  /** What a refusal looks like, but for the id of the request. */
  const refusal = ({ status, headers, body }: Answer): object => ({
    status,
    challenge: headers.get('www-authenticate'),
    cacheControl: headers.get('cache-control'),
    ...body,
    instance: '',
  });

  const REFUSED: [string, () => Record<string, string>][] = [
    ['none at all', () => ({})],
    ['a wrong secret', () => ({ authorization: basic(service.id, 'A'.repeat(43)) })],
    ['an unknown id', () => ({ authorization: basic(NO_ID, service.secret) })],
    ['the nil id', () => ({ authorization: basic('00000000-0000-0000-0000-000000000000', '') })],
    ['no id', () => ({ authorization: basic('', service.secret) })],
    ['no secret', () => ({ authorization: basic(service.id, '') })],
    ['id and secret the wrong way round', () => ({ authorization: basic(service.secret, service.id) })],
    ['half a secret', () => ({ authorization: basic(service.id, service.secret.slice(0, 20)) })],
    ['a longer secret', () => ({ authorization: basic(service.id, `${service.secret}x`) })],
    ['a secret in capitals', () => ({ authorization: basic(service.id, service.secret.toUpperCase()) })],
    ['NUL after the secret', () => ({ authorization: basic(service.id, `${service.secret}\0`) })],
    ['no colon', () => ({ authorization: `Basic ${base64(service.id)}` })],
    ['no base64', () => ({ authorization: `Basic ${service.id}:${service.secret}` })],
    ['bytes that are no UTF-8', () => ({ authorization: 'Basic /////w==' })],
    ['broken percent-encoding', () => ({ authorization: basic(service.id, '%zz') })],
    ['the scheme alone', () => ({ authorization: 'Basic' })],
    ['the scheme Bearer', () => ({ authorization: `Bearer ${base64(`${service.id}:${service.secret}`)}` })],
    ['a user’s access token', () => ({ authorization: `Bearer ${customer}` })],
    ['5,000 letters', () => ({ authorization: `Basic ${'A'.repeat(5000)}` })],
  ];

  it.each(REFUSED)('RFC 6749 5.2: are refused as invalid_client: %s', async (_, headers) => {
    const answers = await Promise.all(PATHS.map((path) => sendForm(app, path, { token: 'x' }, headers())));

    expect(answers.map(refusal)).toEqual(
      Array.from({ length: 2 }, () => ({
        status: 401,
        challenge: 'Basic realm="latchkey", charset="UTF-8"',
        cacheControl: 'no-store',
        type: '/problems/invalid-client',
        title: 'Invalid client',
        code: 'invalid-client',
        error: 'invalid_client',
        detail: 'There is no living service with these credentials.',
        instance: '',
      })),
    );
  });

  it.each(INJECTIONS)('ASVS 1.2.4: are refused when id or secret is %s', async (_, text) => {
    const answers = [
      await sendForm(app, '/v1/oauth/introspect', { token: 'x' }, { authorization: basic(text, text) }),
      await sendForm(
        app,
        '/v1/oauth/introspect',
        { token: 'x' },
        { authorization: basic(service.id, encodeURIComponent(text)) },
      ),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(errorsIn(app.log)).toEqual([]);
  });

  it('RFC 6749 2.3.1: are form-urlencoded within the header', async () => {
    const headers = { authorization: basic(percent(service.id), percent(service.secret)) };

    const { status, body } = await service.send('/v1/oauth/introspect', { token: customer }, headers);

    expect([status, body.active]).toEqual([200, true]);
  });

  it.each(['Basic', 'basic', 'BASIC'])('RFC 7617 2: are taken under the scheme %s', async (scheme) => {
    const headers = { authorization: `${scheme} ${base64(`${service.id}:${service.secret}`)}` };

    const { status } = await service.send('/v1/oauth/introspect', { token: 'x' }, headers);

    expect(status).toBe(200);
  });

  it('RFC 6749 2.3: are refused when there are two headers of them, though both are right', async () => {
    const line = `Authorization: ${basic(service.id, service.secret)}\r\n`;
    const send = (lines: string): Promise<{ status: number }> =>
      sendRaw(
        app.url,
        'POST /v1/oauth/introspect HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n' +
          `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n${lines}\r\ntoken=x`,
      );

    const [one, two] = [await send(line), await send(line + line)];

    expect([one.status, two.status]).toEqual([200, 401]);
  });

  it.each<[string, (which: Service) => Record<string, string>]>([
    ['id and secret', ({ id, secret }) => ({ client_id: id, client_secret: secret })],
    ['a secret alone', ({ secret }) => ({ client_secret: secret })],
    ['an assertion', () => ({ client_assertion: 'x.y.z' })],
    ['a type of assertion', () => ({ client_assertion_type: 'urn:ietf:params:oauth:jwt-bearer' })],
  ])('RFC 6749 2.3: are never taken from the form: %s', async (_, form) => {
    const sent = { token: customer, ...form(service) };

    const alone = await Promise.all(PATHS.map((path) => sendForm(app, path, sent)));
    const doubled = await Promise.all(PATHS.map((path) => service.send(path, sent)));
    const goesOn = await app.get('/v1/users/me', { token: customer });

    expect(alone.map(({ status, body }) => [status, body.error])).toEqual(
      Array.from({ length: 2 }, () => [401, 'invalid_client']),
    );
    expect(doubled.map(({ status, body }) => [status, body.error])).toEqual(
      Array.from({ length: 2 }, () => [400, 'invalid_request']),
    );
    expect(goesOn.status).toBe(200);
  });

  it('RFC 6749 2.3.1: are never taken from the address', async () => {
    const query = new URLSearchParams({ client_id: service.id, client_secret: service.secret }).toString();

    const { status } = await sendForm(app, `/v1/oauth/introspect?${query}`, { token: 'x' });

    expect(status).toBe(401);
  });

  it('RFC 7009 2.1: are refused from the moment on that they are taken back, and stay so', async () => {
    const gone = await makeService(app);
    const before = await gone.introspect(customer);

    await app.nest.get(ServiceClientsService).revoke(gone.id);
    const after = [await gone.introspect(customer), await gone.revoke(customer)];
    const goesOn = await app.get('/v1/users/me', { token: customer });

    expect([before.status, before.body.active]).toEqual([200, true]);
    expect(after.map(({ status }) => status)).toEqual([401, 401]);
    expect(refusal(after[0] ?? before)).toEqual(
      refusal(await sendForm(app, '/v1/oauth/introspect', { token: 'x' })),
    );
    expect(goesOn.status).toBe(200);
  });

  it('API5:2023: open no route but those for services', async () => {
    const headers = { authorization: basic(service.id, service.secret) };

    const answers = [
      await app.get('/v1/users/me', { headers }),
      await app.get('/v1/users', { headers }),
      await app.get('/v1/auth/sessions', { headers }),
      await app.post('/v1/products', {}, { headers }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it('ASVS 11.5.1: are 256 random bits', async () => {
    const secrets = await Promise.all(
      Array.from({ length: 50 }, async () => (await makeService(app)).secret),
    );

    expect(secrets.every((secret) => Buffer.from(secret, 'base64url').length === 32)).toBe(true);
    expect(new Set(secrets).size).toBe(50);
  });

  it('ASVS 11.4.2: stand nowhere in the database but as a digest, and nowhere in the log', async () => {
    const digest: [{ length: number }] = await app.database.query(
      'SELECT length(secret_digest) AS length FROM service_clients WHERE id = $1',
      [service.id],
    );
    await service.introspect('x');
    await sendForm(app, '/v1/oauth/introspect', `token=x&client_secret=${service.secret}`);
    await sendForm(
      app,
      '/v1/oauth/introspect',
      { token: 'x' },
      { authorization: basic(service.secret, service.id) },
    );

    const found = secretsFoundIn((await dumpDatabase(app.database)) + app.log.join(''), {
      secret: service.secret,
      'its bytes': Buffer.from(service.secret, 'base64url'),
      header: base64(`${service.id}:${service.secret}`),
    });

    expect(digest).toEqual([{ length: 32 }]);
    expect(found).toEqual([]);
  });
});
