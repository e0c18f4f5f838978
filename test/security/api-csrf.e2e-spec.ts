import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import { inBatches } from './support/in-batches.js';
import { routesOf } from './support/openapi-routes.js';

const FOREIGN: [string, Record<string, string>][] = [
  ['another origin', { origin: 'https://evil.example' }],
  ['no origin of its own', { origin: 'null' }],
  ['a subdomain of a listed origin', { origin: 'https://evil.shop.example' }],
  ['a listed origin over HTTP', { origin: 'http://shop.example' }],
  ['a name that begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
  ['another site, by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
  ['another host of the same site', { 'sec-fetch-site': 'same-site' }],
  ['a Sec-Fetch-Site that nobody knows', { 'sec-fetch-site': 'something-new' }],
  [
    'another site that claims our origin',
    { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:3000' },
  ],
];

describe('requests that another site makes a browser send', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ CORS_ORIGINS: 'https://shop.example' });
    await app.register('ada@example.com');
  });
  afterAll(() => app.close());

  /** Signs in as a browser does: the cookie, and the access token. */
  async function signIn(): Promise<{ cookie: string; token: string }> {
    const { headers, body } = await app.post('/v1/auth/login', {
      email: 'ada@example.com',
      password: PASSWORD,
    });
    return { cookie: headers.getSetCookie()[0]?.split(';', 1)[0] ?? '', token: body.accessToken };
  }

  it.each(FOREIGN)(
    'RFC 9700 4.14: refuses to refresh with the cookie for %s, and leaves the session be',
    async (_, from) => {
      const { cookie, token } = await signIn();

      const refused = await app.post('/v1/auth/refresh', undefined, { headers: { cookie, ...from } });
      const session = await app.get('/v1/users/me', { token });
      const refreshed = await app.post('/v1/auth/refresh', undefined, { headers: { cookie } });

      expect(refused.status).toBe(403);
      expect(refused.body.code).toBe('origin-not-allowed');
      expect(refused.headers.getSetCookie()).toEqual([]);
      expect([session.status, refreshed.status]).toEqual([200, 200]);
    },
  );

  it.each(FOREIGN)('ASVS 3.5.1: refuses to sign out for %s', async (_, from) => {
    const { cookie, token } = await signIn();

    const refused = await app.post('/v1/auth/logout', undefined, { token, headers: { cookie, ...from } });
    const session = await app.get('/v1/users/me', { token });

    expect([refused.status, session.status]).toEqual([403, 200]);
  });

  it.each(FOREIGN)('ASVS 3.5.1: refuses to sign somebody in for %s', async (_, from) => {
    const refused = await app.post(
      '/v1/auth/login',
      { email: 'ada@example.com', password: PASSWORD },
      { headers: from },
    );

    expect(refused.status).toBe(403);
    expect(refused.headers.getSetCookie()).toEqual([]);
  });

  it('ASVS 3.5.1: refuses another origin on every route that changes something', async () => {
    const token = await app.signIn('admin');
    const changing = routesOf(createOpenApiDocument(app.nest)).filter(({ method }) => method !== 'GET');

    const answers = await inBatches(changing, async ({ name, method, path, exampleBody }) => {
      const headers = { origin: 'https://evil.example' };
      const { status } = await app.send(method, path, { token, headers, body: exampleBody });
      return [name, status] as const;
    });

    expect(changing.length).toBeGreaterThan(7);
    expect(answers.filter(([, status]) => status !== 403)).toEqual([]);
  });

  it.each([
    ['no browser at all', {}],
    ['the same origin', { 'sec-fetch-site': 'same-origin' }],
    ['a listed origin', { origin: 'https://shop.example' }],
    ['a listed origin of another site', { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' }],
  ])('RFC 9700 4.14: refreshes with the cookie for %s', async (_, from) => {
    const { cookie } = await signIn();

    const refreshed = await app.post('/v1/auth/refresh', undefined, { headers: { cookie, ...from } });

    expect(refreshed.status).toBe(200);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'ASVS 3.5.2: takes no body of the type “%s”, which a form can send without a preflight',
    async (type) => {
      const body = JSON.stringify({ email: 'ada@example.com', password: PASSWORD });

      const answer = await app.post('/v1/auth/login', Buffer.from(body), {
        headers: { 'content-type': type },
      });

      expect(answer.status).toBe(415);
      expect(answer.headers.getSetCookie()).toEqual([]);
    },
  );

  it('ASVS 3.5.2: takes a form on no route but those for services', async () => {
    const token = await app.signIn('admin');
    const others = routesOf(createOpenApiDocument(app.nest)).filter(({ takesBody }) => takesBody);

    const answers = await inBatches(others, async ({ name, method, path }) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'if-match': '"1"' };
      const { status } = await app.send(method, path, { token, headers, body: 'token=x&email=a@b.example' });
      return [name, status] as const;
    });

    expect(others.length).toBeGreaterThan(7);
    expect(answers.filter(([, status]) => status !== 415)).toEqual([]);
  });

  it('ASVS 3.5.3: changes nothing on GET', async () => {
    const { token } = await signIn();

    const answers = await Promise.all(
      ['/v1/auth/logout', '/v1/auth/refresh', '/v1/auth/login', '/v1/auth/password/change'].map((path) =>
        app.get(path, { token }),
      ),
    );
    const session = await app.get('/v1/users/me', { token });

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(session.status).toBe(200);
  });

  it('ASVS 3.5.1: the cookie alone opens nothing but the refresh', async () => {
    const { cookie } = await signIn();
    const closed = routesOf(createOpenApiDocument(app.nest)).filter(
      ({ access }) => access === 'signed-in' || access === 'roles',
    );

    const answers = await inBatches(closed, ({ method, path }) =>
      app.send(method, path, { headers: { cookie } }),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  });
});
