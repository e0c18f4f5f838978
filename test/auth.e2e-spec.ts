import { PASSWORD, type TestApp, startTestApp } from './support/app.js';

describe('register, sign in, refresh, sign out', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  describe('the main job', () => {
    it('refuses the very token that worked a moment ago', async () => {
      const registered = await app.post('/v1/auth/register', {
        email: 'Ada@Example.com',
        password: PASSWORD,
        displayName: 'Ada',
      });
      const signedIn = await app.post('/v1/auth/login', { email: 'ada@example.com', password: PASSWORD });
      const token: string = signedIn.body.accessToken;
      const before = await app.get('/v1/users/me', { token });
      const signedOut = await app.post('/v1/auth/logout', undefined, { token });
      const after = await app.get('/v1/users/me', { token });

      expect(before.status).toBe(200);
      expect(before.body).toEqual(registered.body);
      expect(signedOut.status).toBe(204);
      expect(after.status).toBe(401);
      expect(after.body).toMatchObject({ type: '/problems/invalid-token', status: 401 });
      expect(after.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    });
  });

  describe('POST /v1/auth/register', () => {
    it('makes a customer and shows nothing of the password', async () => {
      const answer = await app.post('/v1/auth/register', { email: 'Grace@Example.com', password: PASSWORD });

      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        email: 'grace@example.com',
        emailVerified: false,
        displayName: null,
        roles: ['customer'],
        status: 'active',
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updatedAt: expect.any(String),
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it('refuses an address that has an account, in any case', async () => {
      await app.post('/v1/auth/register', { email: 'twice@example.com', password: PASSWORD });
      const answer = await app.post('/v1/auth/register', { email: 'TWICE@example.com', password: PASSWORD });

      expect(answer.status).toBe(409);
      expect(answer.body.type).toBe('/problems/conflict');
    });

    it('makes one account when many ask for the same address at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          app.post('/v1/auth/register', { email: 'race@example.com', password: PASSWORD }),
        ),
      );

      const statuses = answers.map(({ status }) => status).toSorted();
      expect(statuses).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    });

    it.each([
      ['no address', { password: PASSWORD }, '/email'],
      ['an address that is none', { email: 'ada', password: PASSWORD }, '/email'],
      ['an address with a line break', { email: '"a\r\nbcc: x"@example.com', password: PASSWORD }, '/email'],
      [
        'an address with an invisible character',
        { email: 'x@ex\u00adample.com', password: PASSWORD },
        '/email',
      ],
      ['an address that is a list', { email: ['a@example.com'], password: PASSWORD }, '/email'],
      ['no password', { email: 'x@example.com' }, '/password'],
      ['a short password', { email: 'x@example.com', password: 'seven77' }, '/password'],
      ['a long password', { email: 'x@example.com', password: 'x'.repeat(129) }, '/password'],
      ['a common password', { email: 'x@example.com', password: 'Password1' }, '/password'],
      [
        'the name of the shop in the password',
        { email: 'x@example.com', password: 'my latchkey 77' },
        '/password',
      ],
      [
        'the address in the password',
        { email: 'gwendolen@example.com', password: 'gwendolen 12345' },
        '/password',
      ],
      ['a blank name', { email: 'x@example.com', password: PASSWORD, displayName: ' ' }, '/displayName'],
      ['a role', { email: 'x@example.com', password: PASSWORD, roles: ['admin'] }, '/roles'],
      [
        'a field nobody knows',
        { email: 'x@example.com', password: PASSWORD, emailVerified: true },
        '/emailVerified',
      ],
    ])('refuses %s and names the field', async (_, body, pointer) => {
      const answer = await app.post('/v1/auth/register', body);
      const signIn = await app.post('/v1/auth/login', { email: 'x@example.com', password: PASSWORD });

      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        type: '/problems/validation-failed',
        errors: [{ pointer, detail: expect.any(String) }],
      });
      expect(signIn.status).toBe(401);
    });

    it('says every fault at once', async () => {
      const answer = await app.post('/v1/auth/register', { email: 1, displayName: 2 });

      expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
        '/email',
        '/password',
        '/displayName',
      ]);
    });

    it('counts code points and takes any composition', async () => {
      const answer = await app.post('/v1/auth/register', {
        email: 'emoji@example.com',
        password: '🐌🐌🐌🐌🐌🐌🐌🐌',
      });
      const tooFew = await app.post('/v1/auth/register', {
        email: 'emoji2@example.com',
        password: '🐌🐌🐌🐌🐌🐌🐌',
      });

      expect(answer.status).toBe(201);
      expect(tooFew.status).toBe(422);
    });
  });

  describe('POST /v1/auth/login', () => {
    beforeAll(() => app.register('login@example.com'));

    it('puts the refresh token into a cookie that scripts cannot read', async () => {
      const answer = await app.post('/v1/auth/login', { email: 'LOGIN@example.com', password: PASSWORD });

      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        tokenType: 'Bearer',
        expiresIn: 900,
        sessionId: expect.any(String),
      });
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^latchkey-refresh=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
      );
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it('puts the refresh token into the body where that is asked for', async () => {
      const answer = await app.post('/v1/auth/login', {
        email: 'login@example.com',
        password: PASSWORD,
        delivery: 'body',
      });

      expect(answer.body.refreshToken).toMatch(/^[\w-]{43}$/);
      expect(answer.headers.get('set-cookie')).toBeNull();
    });

    it('says the same for an unknown address, a wrong password and a disabled account', async () => {
      const id = await app.register('disabled@example.com');
      await app.patch(`/v1/users/${id}`, { status: 'disabled' }, { token: await app.signIn('admin') });
      const unknown = await app.post('/v1/auth/login', { email: 'nobody@example.com', password: PASSWORD });
      const wrong = await app.post('/v1/auth/login', {
        email: 'login@example.com',
        password: `${PASSWORD}!`,
      });
      const disabled = await app.post('/v1/auth/login', {
        email: 'disabled@example.com',
        password: PASSWORD,
      });

      expect(unknown.status).toBe(401);
      expect(unknown.body.type).toBe('/problems/invalid-credentials');
      expect(unknown.headers.get('www-authenticate')).toBe('Bearer'); // RFC 9110 15.5.2
      expect({ ...wrong.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
      expect({ ...disabled.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
    });

    it.each([
      [
        'an unknown delivery',
        { email: 'login@example.com', password: PASSWORD, delivery: 'pigeon' },
        '/delivery',
      ],
      ['no password', { email: 'login@example.com' }, '/password'],
      ['an address that is an object', { email: { $gt: '' }, password: PASSWORD }, '/email'],
    ])('refuses %s', async (_, body, pointer) => {
      const answer = await app.post('/v1/auth/login', body);

      expect(answer.status).toBe(422);
      expect(answer.body.errors[0].pointer).toBe(pointer);
    });
  });

  describe('POST /v1/auth/refresh', () => {
    beforeAll(() => app.register('refresh@example.com'));

    it('renews the tokens by the cookie', async () => {
      const signedIn = await app.post('/v1/auth/login', { email: 'refresh@example.com', password: PASSWORD });
      const cookie = String(signedIn.headers.get('set-cookie')).split(';', 1)[0] ?? '';
      const answer = await app.post('/v1/auth/refresh', undefined, { headers: { cookie } });
      const me = await app.get('/v1/users/me', { token: answer.body.accessToken });

      expect(answer.status).toBe(200);
      expect(answer.body.sessionId).toBe(signedIn.body.sessionId);
      expect(answer.body.refreshToken).toBeUndefined();
      expect(String(answer.headers.get('set-cookie')).split(';', 1)[0]).not.toBe(cookie);
      expect(me.status).toBe(200);
    });

    it('renews the tokens by the body', async () => {
      const { refreshToken, sessionId } = await app.login('refresh@example.com');
      const answer = await app.post('/v1/auth/refresh', { refreshToken });

      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ sessionId, tokenType: 'Bearer', expiresIn: 900 });
      expect(answer.body.refreshToken).not.toBe(refreshToken);
    });

    it.each([
      ['nothing', undefined, '/problems/unauthenticated'],
      ['a token that was never issued', { refreshToken: 'A'.repeat(43) }, '/problems/invalid-token'],
      ['something that is no token', { refreshToken: 'x' }, '/problems/invalid-token'],
    ])('refuses %s', async (_, body, type) => {
      const answer = await app.post('/v1/auth/refresh', body);

      expect(answer.status).toBe(401);
      expect(answer.body.type).toBe(type);
    });

    it('refuses the refresh token of a session that was signed out', async () => {
      const { refreshToken, accessToken } = await app.login('refresh@example.com');
      await app.post('/v1/auth/logout', undefined, { token: accessToken });
      const answer = await app.post('/v1/auth/refresh', { refreshToken });

      expect(answer.status).toBe(401);
      expect(answer.body.type).toBe('/problems/invalid-token');
    });
  });

  describe('POST /v1/auth/logout', () => {
    it('makes the browser forget the cookie', async () => {
      await app.register('logout@example.com');
      const { accessToken } = await app.login('logout@example.com');
      const answer = await app.post('/v1/auth/logout', undefined, { token: accessToken });

      expect(answer.headers.get('set-cookie')).toMatch(
        /^latchkey-refresh=; .*(Max-Age=0|Expires=Thu, 01 Jan 1970)/,
      );
    });

    it('is content when asked twice at once', async () => {
      await app.register('leaving@example.com');
      for (let times = 0; times < 10; times++) {
        const { accessToken: token } = await app.login('leaving@example.com');
        const answers = await Promise.all(
          Array.from({ length: 4 }, () => app.post('/v1/auth/logout', undefined, { token })),
        );

        expect(
          answers.map(({ status }) => status).filter((status) => status !== 204 && status !== 401),
        ).toEqual([]);
      }
    });

    it('asks a guest to sign in', async () => {
      const answer = await app.post('/v1/auth/logout');

      expect(answer.status).toBe(401);
      expect(answer.body.type).toBe('/problems/unauthenticated');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    });
  });
});
