import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import { makeCertificate } from '../support/certificate.js';
import { type SecureAnswer, sendSecurely } from './support/secure-server.js';

describe('the cookie of a session', () => {
  describe('over HTTPS', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp(makeCertificate());
      await app.register('ada@example.com');
    });
    afterAll(() => app.close());

    const signIn = (): Promise<SecureAnswer> =>
      sendSecurely(app.url, 'POST', '/v1/auth/login', { email: 'ada@example.com', password: PASSWORD });

    it('ASVS 3.3.1: is Secure, bound to this host by its name, and for the whole site', async () => {
      const { status, cookies } = await signIn();

      expect(status).toBe(200);
      const common = { path: '/', httponly: true, secure: true, samesite: 'Strict' };
      expect(cookies.map(attributesOf)).toEqual([
        {
          ...common,
          name: '__Host-latchkey-refresh',
          'max-age': expect.stringMatching(/^(1209600|12095\d\d)$/),
        },
        { ...common, name: '__Host-latchkey-device', 'max-age': '31536000' },
      ]);
    });

    it('RFC 6265bis 4.1.3.2: is read back under that name only', async () => {
      const [cookie = ''] = (await signIn()).cookies;
      const pair = cookie.split(';', 1)[0] ?? '';
      const renamed = pair.replace('__Host-', '');

      const refused = await sendSecurely(app.url, 'POST', '/v1/auth/refresh', undefined, { cookie: renamed });
      const refreshed = await sendSecurely(app.url, 'POST', '/v1/auth/refresh', undefined, { cookie: pair });

      expect([refused.status, refreshed.status]).toEqual([401, 200]);
    });

    it('ASVS 3.4.1: comes with Strict-Transport-Security for a year, as does every answer', async () => {
      const answers = [await signIn(), await sendSecurely(app.url, 'GET', '/nowhere')];

      const policies = answers.map(({ headers }) => headers['strict-transport-security']);

      expect(policies).toEqual([
        expect.stringMatching(/^max-age=31536000\b/),
        expect.stringMatching(/^max-age=31536000\b/),
      ]);
    });
  });

  describe('over HTTP, as in development', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp();
      await app.register('ada@example.com');
    });
    afterAll(() => app.close());

    const signIn = (delivery?: string) =>
      app.post('/v1/auth/login', { email: 'ada@example.com', password: PASSWORD, delivery });

    it('ASVS 3.3.4: is out of reach of scripts, and not sent along from other sites', async () => {
      const { headers } = await signIn();

      const attributes = attributesOf(headers.getSetCookie()[0]);

      expect(attributes).toEqual({
        name: 'latchkey-refresh',
        path: '/',
        httponly: true,
        samesite: 'Strict',
        'max-age': expect.stringMatching(/^(1209600|12095\d\d)$/),
      });
    });

    it('ASVS 3.3.4: holds the refresh token, which the body then does not', async () => {
      const { headers, body } = await signIn();

      expect(headers.getSetCookie()[0]).toMatch(/^latchkey-refresh=[\w-]{43};/);
      expect(body).not.toHaveProperty('refreshToken');
    });

    it('ASVS 3.3.4: is not set for those who ask for the token in the body', async () => {
      const { headers, body } = await signIn('body');

      expect(headers.getSetCookie()).toEqual([]);
      expect(body.refreshToken).toMatch(/^[\w-]{43}$/);
    });

    it('RFC 9700 4.14: is replaced at each use', async () => {
      const first = pairOf(await signIn());

      const refreshed = await app.post('/v1/auth/refresh', undefined, { headers: { cookie: first } });
      const second = pairOf(refreshed);

      expect(refreshed.status).toBe(200);
      expect(refreshed.body).not.toHaveProperty('refreshToken');
      expect(second).toMatch(/^latchkey-refresh=[\w-]{43}$/);
      expect(second).not.toBe(first);
    });

    it('ASVS 7.3.1: never outlives its session', async () => {
      const cookie = pairOf(await signIn());

      app.clock.advance({ days: 13 });
      const refreshed = await app.post('/v1/auth/refresh', undefined, { headers: { cookie } });
      const line = refreshed.headers.getSetCookie()[0];
      const { items } = (await app.get('/v1/auth/sessions', { token: refreshed.body.accessToken })).body;
      const lifetime = (Date.parse(items[0].expiresAt) - app.clock.now()) / 1000;

      expect(Number(attributesOf(line)['max-age'])).toBeLessThanOrEqual(Math.ceil(lifetime));
    });

    it('ASVS 7.4.1: is removed at sign-out, and refused from then on', async () => {
      const signedIn = await signIn();
      const cookie = pairOf(signedIn);

      const signedOut = await app.post('/v1/auth/logout', undefined, { token: signedIn.body.accessToken });
      const refreshed = await app.post('/v1/auth/refresh', undefined, { headers: { cookie } });

      expect(signedOut.headers.getSetCookie()[0]).toMatch(/^latchkey-refresh=;/);
      expect(Date.parse(String(attributesOf(signedOut.headers.getSetCookie()[0])['expires']))).toBe(0);
      expect(refreshed.status).toBe(401);
    });

    it.each([
      ['empty', 'latchkey-refresh='],
      ['another name', 'latchkey-refreshed=x'],
      ['bytes that are not ASCII', 'latchkey-refresh=\u00ff\u00fe'],
      ['100 others before it', `${'a=b; '.repeat(100)}latchkey-refresh=x`],
      ['no name at all', '=; ; ;'],
    ])('RFC 6265 5.4: makes nothing of a Cookie header with %s', async (_, cookie) => {
      const answer = await app.post('/v1/auth/refresh', undefined, { headers: { cookie } });

      expect(answer.status).toBe(401);
    });
  });
});

/** Name and value of the cookie that an answer sets. */
function pairOf({ headers }: { headers: Headers }): string {
  return headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

/** The attributes of a Set-Cookie line, their names in lower case; `true` for those without a value. */
function attributesOf(line = ''): Record<string, string | true> {
  const [pair = '', ...attributes] = line.split('; ');
  const entries = attributes
    .map((attribute) => attribute.split('='))
    .map(([name = '', value]) => [name.toLowerCase(), value ?? true] as const);
  return { name: pair.split('=')[0] ?? '', ...Object.fromEntries(entries) };
}
