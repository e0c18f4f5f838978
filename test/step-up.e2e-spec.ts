import { afterNextCheck } from './support/after-next-check.js';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import type { Answer } from './support/client.js';

const NEW_PASSWORD = 'a tall ship and a star';

describe('a sign-in that has to be fresh', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  /** Signs in a new account. */
  async function signIn(email: string) {
    await app.register(email);
    return app.login(email);
  }

  /** A new access token of the same session, after a time. */
  async function tokenAfter(
    time: { minutes: number; seconds: number },
    refreshToken: string,
  ): Promise<string> {
    app.clock.advance(time);
    return (await app.post('/v1/auth/refresh', { refreshToken })).body.accessToken;
  }

  const changePassword = (token: string): Promise<Answer> =>
    app.post('/v1/auth/password/change', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, { token });
  const deleteAccount = (token: string): Promise<Answer> =>
    app.delete('/v1/users/me', { token, body: { currentPassword: PASSWORD } });

  it.each([
    ['change the password', changePassword],
    ['delete the account', deleteAccount],
  ])('lets who signed in less than 5 minutes ago %s', async (name, act) => {
    const { refreshToken } = await signIn(`${name.replaceAll(' ', '-')}@example.com`);

    const token = await tokenAfter({ minutes: 4, seconds: 55 }, refreshToken);
    const answer = await act(token);

    expect(answer.status).toBe(204);
  });

  it.each([
    ['change a password', changePassword],
    ['delete an account', deleteAccount],
  ])('does not let who signed in more than 5 minutes ago %s, refreshed or not', async (name, act) => {
    const { refreshToken } = await signIn(`late-${name.replaceAll(' ', '-')}@example.com`);

    const token = await tokenAfter({ minutes: 5, seconds: 2 }, refreshToken);
    const answer = await act(token);

    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('insufficient-user-authentication');
  });

  it('gives administrators 15 minutes to change and sign out accounts, and any time to read them', async () => {
    const id = await app.register('somebody@example.com');
    await app.register('chief@example.com', ['customer', 'admin']);
    const { refreshToken } = await app.login('chief@example.com');
    const token = await tokenAfter({ minutes: 14, seconds: 55 }, refreshToken);
    const inTime = [
      await app.patch(`/v1/users/${id}`, { roles: ['customer', 'editor'] }, { token }),
      await app.post(`/v1/users/${id}/sign-out`, undefined, { token }),
    ];

    app.clock.advance({ seconds: 7 });
    const late = [
      await app.patch(`/v1/users/${id}`, { roles: ['customer'] }, { token }),
      await app.post(`/v1/users/${id}/sign-out`, undefined, { token }),
      await app.get(`/v1/users/${id}`, { token }),
      await app.get('/v1/users', { token }),
    ];

    expect(inTime.map(({ status }) => status)).toEqual([200, 204]);
    expect(late.map(({ status }) => status)).toEqual([401, 401, 200, 200]);
  });

  it('is asked for last: guests hear that they are not signed in, customers that they may not', async () => {
    const id = await app.register('target@example.com');
    const { accessToken: token } = await signIn('old-customer@example.com');
    app.clock.advance({ minutes: 14 });

    const asGuest = await app.post(`/v1/users/${id}/sign-out`);
    const asCustomer = await app.post(`/v1/users/${id}/sign-out`, undefined, { token });

    expect([asGuest.body.code, asCustomer.body.code]).toEqual(['unauthenticated', 'forbidden']);
  });
});

describe('POST /v1/auth/reauthenticate', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('answers with a fresh access token of the same session, and leaves the refresh token alone', async () => {
    await app.register('ada@example.com');
    const { accessToken, refreshToken, sessionId } = await app.login('ada@example.com');
    app.clock.advance({ minutes: 10 });

    const answer = await app.post('/v1/auth/reauthenticate', { password: PASSWORD }, { token: accessToken });
    const { accessToken: token } = answer.body;
    const changed = await app.post(
      '/v1/auth/password/change',
      { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      { token },
    );
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: 900,
      sessionId,
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(changed.status).toBe(204);
    expect(refreshed.status).toBe(200);
  });

  it('counts for this session only, and for what it is refreshed to', async () => {
    await app.register('grace@example.com');
    const here = await app.login('grace@example.com');
    const there = await app.login('grace@example.com');
    app.clock.advance({ minutes: 10 });

    await app.post('/v1/auth/reauthenticate', { password: PASSWORD }, { token: here.accessToken });
    const proved = await Promise.all(
      [here, there].map(async ({ refreshToken }) => {
        const { body } = await app.post('/v1/auth/refresh', { refreshToken });
        return authTimeOf(body.accessToken);
      }),
    );

    const now = app.clock.seconds();
    expect(now - (proved[0] ?? 0)).toBeLessThan(10);
    expect(now - (proved[1] ?? 0)).toBeGreaterThanOrEqual(600);
  });

  it('gives nothing for a wrong password', async () => {
    await app.register('eve@example.com');
    const { accessToken: token, refreshToken } = await app.login('eve@example.com');
    app.clock.advance({ minutes: 10 });

    const answer = await app.post('/v1/auth/reauthenticate', { password: 'not it at all' }, { token });
    const { body } = await app.post('/v1/auth/refresh', { refreshToken });

    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('invalid-credentials');
    expect(app.clock.seconds() - authTimeOf(body.accessToken)).toBeGreaterThanOrEqual(600);
  });

  it('gives nothing for a password that was changed while it was being checked', async () => {
    await app.register('iris@example.com');
    const { accessToken: token } = await app.login('iris@example.com');
    const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const changed = afterNextCheck(app, () => app.post('/v1/auth/password/change', passwords, { token }));

    const { status, body } = await app.post('/v1/auth/reauthenticate', { password: PASSWORD }, { token });

    expect((await changed).status).toBe(204);
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'invalid-token' });
  });

  it('is as careful when signing in', async () => {
    await app.register('june@example.com');
    const { accessToken: token } = await app.login('june@example.com');
    const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const changed = afterNextCheck(app, () => app.post('/v1/auth/password/change', passwords, { token }));

    const login = { email: 'june@example.com', password: PASSWORD, delivery: 'body' };
    const { status, body } = await app.post('/v1/auth/login', login);

    expect((await changed).status).toBe(204);
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'invalid-credentials' });
  });
});

function authTimeOf(token: string): number {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).auth_time;
}
