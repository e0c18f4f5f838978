import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import { DpopKey } from './support/dpop-key.js';
import { type Service, makeService } from './support/service.js';

describe('introspection (RFC 7662)', () => {
  let app: TestApp;
  let service: Service;
  let userId: string;
  beforeAll(async () => {
    app = await startTestApp();
    userId = await app.register('ada@example.com');
    service = await makeService(app);
  });
  afterAll(() => app.close());

  const signIn = () => app.login('ada@example.com');

  it('says what an access token is', async () => {
    const { accessToken } = await signIn();

    const { status, headers, body } = await service.introspect(accessToken);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      active: true,
      iss: 'http://localhost:3000',
      aud: 'latchkey',
      sub: userId,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: expect.any(Number),
      exp: body.iat + 900,
      auth_time: expect.any(Number),
      token_type: 'Bearer',
    });
    expect(Math.abs(body.auth_time - body.iat)).toBeLessThanOrEqual(5);
  });

  it('says which key a token is bound to, whose proof the service has to ask for (RFC 9449 6.2)', async () => {
    const key = await DpopKey.make(app.clock);
    const signedIn = await key.send(app, 'POST', '/v1/auth/login', {
      body: { email: 'ada@example.com', password: PASSWORD, delivery: 'body' },
    });

    const { body } = await service.introspect(signedIn.body.accessToken);

    expect(body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: key.jkt } });
  });

  it('says what a refresh token is, and never that it is a bearer token', async () => {
    const { refreshToken } = await signIn();

    const { body } = await service.introspect(refreshToken);

    expect(body).toEqual({
      active: true,
      iss: 'http://localhost:3000',
      sub: userId,
      iat: expect.any(Number),
      exp: body.iat + 14 * 86_400,
    });
  });

  it('asking is no use of a refresh token', async () => {
    const { refreshToken } = await signIn();

    await service.introspect(refreshToken);
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken });
    app.clock.advance({ seconds: 11 });
    const { body } = await service.introspect(refreshToken);
    const after = await app.post('/v1/auth/refresh', { refreshToken: refreshed.body.refreshToken });

    expect(body).toEqual({ active: false });
    expect([refreshed.status, after.status]).toEqual([200, 200]);
  });

  it('tells each service the private claims that it was made with, and no other', async () => {
    const { accessToken, refreshToken, sessionId } = await signIn();
    const all = { roles: ['customer'], sid: sessionId, email: 'ada@example.com' };
    const told = async (claims: string[], token: string): Promise<object> => {
      const { body } = await (await makeService(app, ...claims)).introspect(token);
      return { roles: body.roles, sid: body.sid, email: body.email };
    };

    for (const token of [accessToken, refreshToken]) {
      expect(await told(['roles', 'sid', 'email'], token)).toEqual(all);
      expect(await told(['email'], token)).toEqual({ email: 'ada@example.com' });
      expect(await told(['sid'], token)).toEqual({ sid: sessionId });
      expect(await told(['roles'], token)).toEqual({ roles: ['customer'] });
      expect(await told([], token)).toEqual({});
    }
  });

  it('sees an access token expire, and a session go unused', async () => {
    const { accessToken, refreshToken } = await signIn();

    app.clock.advance({ minutes: 16 });
    const access = await service.introspect(accessToken);
    const refresh = await service.introspect(refreshToken);
    app.clock.advance({ days: 14 });
    const idle = await service.introspect(refreshToken);

    expect(access.body).toEqual({ active: false });
    expect(refresh.body.active).toBe(true);
    expect(idle.body).toEqual({ active: false });
  });

  it('sees a sign-out, of both tokens', async () => {
    const { accessToken, refreshToken } = await signIn();
    const before = await service.introspect(accessToken);

    await app.post('/v1/auth/logout', undefined, { token: accessToken });
    const after = [await service.introspect(accessToken), await service.introspect(refreshToken)];

    expect(before.body.active).toBe(true);
    expect(after.map(({ body }) => body)).toEqual([{ active: false }, { active: false }]);
  });

  it('sees a change of roles, and an account that was disabled or deleted', async () => {
    const told = await makeService(app, 'email', 'roles');
    const admin = await app.signIn('admin');
    const id = await app.register('eve@example.com');
    const first = await app.login('eve@example.com');
    await app.patch(`/v1/users/${id}`, { roles: ['customer', 'editor'] }, { token: admin });
    const second = await app.login('eve@example.com');

    const demoted = await told.introspect(first.accessToken);
    const promoted = await told.introspect(second.accessToken);
    await app.patch(`/v1/users/${id}`, { status: 'disabled' }, { token: admin });
    const disabled = [
      await told.introspect(second.accessToken),
      await told.introspect(second.refreshToken),
      await service.introspect(second.accessToken),
    ];

    expect(demoted.body).toEqual({ active: false });
    expect(promoted.body).toMatchObject({ active: true, roles: ['customer', 'editor'] });
    expect(disabled.map(({ body }) => body)).toEqual(Array.from({ length: 3 }, () => ({ active: false })));
  });

  it('sees an account that somebody disabled in the database by hand', async () => {
    const told = await makeService(app, 'email');
    await app.register('by-hand@example.com');
    const { accessToken, refreshToken } = await app.login('by-hand@example.com');

    await app.database.query(`UPDATE users SET status = 'disabled' WHERE email = 'by-hand@example.com'`);
    const answers = [await told.introspect(accessToken), await service.introspect(refreshToken)];

    expect(answers.map(({ body }) => body)).toEqual([{ active: false }, { active: false }]);
  });

  it.each(['access_token', 'refresh_token', 'saml2', "' OR 1=1", 'x'.repeat(2000)])(
    'takes the hint %s for a hint: a token is what it is',
    async (hint) => {
      const { accessToken, refreshToken } = await signIn();

      const answers = [
        await service.introspect(accessToken, { token_type_hint: hint }),
        await service.introspect(refreshToken, { token_type_hint: hint }),
      ];

      expect(answers.map(({ body }) => body.active)).toEqual([true, true]);
    },
  );

  it('passes over parameters that it does not know', async () => {
    const { accessToken } = await signIn();

    const { status, body } = await service.introspect(accessToken, { resource_id: '1', __proto__: '2' });

    expect([status, body.active]).toEqual([200, true]);
  });
});
