import { PASSWORD, type TestApp, startTestApp } from './support/app.js';

describe('DELETE /v1/users/me', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('erases the account and everything about it, and refuses its tokens at once', async () => {
    const id = await app.register('gone@example.com');
    const here = await app.login('gone@example.com');
    const there = await app.login('gone@example.com');
    const answer = await app.delete('/v1/users/me', {
      token: here.accessToken,
      body: { currentPassword: PASSWORD },
    });
    const [first, second] = await Promise.all([
      app.get('/v1/users/me', { token: here.accessToken }),
      app.get('/v1/users/me', { token: there.accessToken }),
    ]);
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken: there.refreshToken });
    const signedIn = await app.post('/v1/auth/login', { email: 'gone@example.com', password: PASSWORD });
    const rows = await app.database.query(
      `SELECT (SELECT count(*) FROM users WHERE id = $1) + (SELECT count(*) FROM password_credentials WHERE user_id = $1)
        + (SELECT count(*) FROM sessions WHERE user_id = $1) AS left_over`,
      [id],
    );

    expect(answer.status).toBe(204);
    expect([first.status, second.status, refreshed.status, signedIn.status]).toEqual([401, 401, 401, 401]);
    expect(Number(rows[0].left_over)).toBe(0);
  });

  it('frees the address', async () => {
    await app.register('again@example.com');
    const { accessToken } = await app.login('again@example.com');
    await app.delete('/v1/users/me', { token: accessToken, body: { currentPassword: PASSWORD } });
    const answer = await app.post('/v1/auth/register', { email: 'again@example.com', password: PASSWORD });

    expect(answer.status).toBe(201);
  });

  it.each([
    ['a wrong password', { currentPassword: 'not the password' }, 401],
    ['no password', undefined, 422],
  ])('refuses %s and erases nothing', async (_, body, status) => {
    const token = await app.signIn('customer');
    const answer = await app.delete('/v1/users/me', { token, ...(body && { body }) });

    expect(answer.status).toBe(status);
    expect((await app.get('/v1/users/me', { token })).status).toBe(200);
  });

  it('keeps the last active administrator', async () => {
    const token = await app.signIn('admin');
    const answer = await app.delete('/v1/users/me', { token, body: { currentPassword: PASSWORD } });

    expect(answer.status).toBe(409);
    expect((await app.get('/v1/users', { token })).status).toBe(200);
  });
});
