import { randomUUID } from 'node:crypto';
import { PasswordHasher } from '../../src/auth/passwords/password-hasher.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { until } from '../support/process.js';

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

  it.each<[string, (token: string) => Promise<Answer>]>([
    [
      'changed',
      (token) =>
        app.post(
          '/v1/auth/password/change',
          { currentPassword: PASSWORD, newPassword: 'what the thief wants' },
          { token },
        ),
    ],
    ['erased', (token) => app.delete('/v1/users/me', { token, body: { currentPassword: PASSWORD } })],
  ])('ASVS 7.4.3: no account is %s with a password that has been changed meanwhile', async (what, send) => {
    const email = `raced-${what}-${randomUUID()}@example.com`;
    await app.register(email);
    const [thief, owner] = [await app.login(email), await app.login(email)];
    const hasher = app.nest.get(PasswordHasher);
    const verify = hasher.verify.bind(hasher);
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const checked = jest.spyOn(hasher, 'verify').mockImplementationOnce(async (hash, password) => {
      const isRight = await verify(hash, password);
      await held;
      return isRight;
    });

    const late = send(thief.accessToken);
    await until(() => checked.mock.calls.length === 1, 10_000);
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const changed = await app.post('/v1/auth/password/change', change, { token: owner.accessToken });
    goOn();
    const refused = await late;
    checked.mockRestore();
    const signedIn = await app.post('/v1/auth/login', { email, password: NEW_PASSWORD });

    expect(changed.status).toBe(204);
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid-token']);
    expect(signedIn.status).toBe(200);
  });
});
