import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';

const NEW_PASSWORD = 'a tall ship and a star';

describe('changing a password while others sign in', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await app.register('ada@example.com');
  });
  afterAll(() => app.close());

  it('ASVS 7.4.3: no sign-in with the old password outlives the change, not even one that was under way', async () => {
    const { accessToken: token } = await app.login('ada@example.com');
    const change = app.post(
      '/v1/auth/password/change',
      { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      { token },
    );

    const signIns = Promise.all(
      Array.from({ length: 30 }, () =>
        app.post('/v1/auth/login', { email: 'ada@example.com', password: PASSWORD, delivery: 'body' }),
      ),
    );
    const [changed, answers] = await Promise.all([change, signIns]);
    const opened = answers.filter(({ status }) => status === 200).map(({ body }) => body);
    const reads = await Promise.all(
      opened.map(({ accessToken }) => app.get('/v1/users/me', { token: accessToken })),
    );
    const refreshes = await Promise.all(
      opened.map(({ refreshToken }) => app.post('/v1/auth/refresh', { refreshToken })),
    );

    expect(changed.status).toBe(204);
    expect([...reads, ...refreshes].map(({ status }) => status).filter((status) => status !== 401)).toEqual(
      [],
    );
  });
});
