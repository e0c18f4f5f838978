import { randomUUID } from 'node:crypto';
import { afterNextCheck } from '../support/after-next-check.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';

const NEW_PASSWORD = 'a tall ship and a star';

describe('changing a password while others sign in', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await app.register('ada@example.com');
  });
  afterAll(() => app.close());

  const change = (token: string): Promise<Answer> =>
    app.post('/v1/auth/password/change', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, { token });

  it('ASVS 7.4.3: no sign-in with the old password outlives the change, not even one that was under way', async () => {
    const { accessToken } = await app.login('ada@example.com');
    const changed = afterNextCheck(app, () => change(accessToken));

    const answer = await app.post('/v1/auth/login', { email: 'ada@example.com', password: PASSWORD });

    expect((await changed).status).toBe(204);
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid-credentials']);
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
    const changed = afterNextCheck(app, () => change(owner.accessToken));

    const refused = await send(thief.accessToken);
    const signedIn = await app.post('/v1/auth/login', { email, password: NEW_PASSWORD });

    expect((await changed).status).toBe(204);
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid-token']);
    expect(signedIn.status).toBe(200);
  });
});
