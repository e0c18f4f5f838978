import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import { partsOf } from './support/crafted-token.js';

const NEW_PASSWORD = 'a tall ship and a star';

describe('taking access tokens back', () => {
  let app: TestApp;
  let admin: string;
  let accounts = 0;
  beforeAll(async () => {
    app = await startTestApp();
    admin = await app.signIn('admin');
  });
  afterAll(() => app.close());

  /** Somebody who is signed in on two devices, and has used both tokens. */
  async function somebody(): Promise<{ id: string; email: string; one: string; other: string }> {
    const email = `somebody-${accounts++}@example.com`;
    const id = await app.register(email);
    const { accessToken: one } = await app.login(email);
    const { accessToken: other } = await app.login(email);
    const statuses = [await statusOf(one), await statusOf(other)];
    expect(statuses).toEqual([200, 200]);
    return { id, email, one, other };
  }

  const statusOf = async (token: string): Promise<number> =>
    (await app.get('/v1/users/me', { token })).status;

  it('ASVS 7.4.1: refuses the token after sign-out, and no other', async () => {
    const { one, other } = await somebody();

    const signedOut = await app.post('/v1/auth/logout', undefined, { token: one });
    const statuses = [await statusOf(one), await statusOf(other)];

    expect(signedOut.status).toBe(204);
    expect(statuses).toEqual([401, 200]);
  });

  it('ASVS 7.4.1: lets nobody in who asks while the sign-out is answered', async () => {
    const { one } = await somebody();
    let isSignedOut = false;
    const lateEntries: number[] = [];
    const signOut = app.post('/v1/auth/logout', undefined, { token: one }).then(() => (isSignedOut = true));

    const knock = async (): Promise<void> => {
      for (let knocks = 0; knocks < 100; knocks++) {
        const wasSignedOut = isSignedOut;
        const status = await statusOf(one);
        if (wasSignedOut) {
          lateEntries.push(status);
        }
      }
    };
    await Promise.all([signOut, knock(), knock(), knock(), knock()]);

    expect(lateEntries.length).toBeGreaterThan(100);
    expect(new Set(lateEntries)).toEqual(new Set([401]));
  });

  it('ASVS 7.4.1: counts the life of a token from before its session was read, however long signing has to wait', async () => {
    const { email } = await somebody();
    const ring = app.nest.get(KeyRing);
    const before = app.clock.seconds();
    const signing = jest.spyOn(ring, 'freshSigningKey').mockImplementationOnce(async () => {
      app.clock.advance({ minutes: 5 });
      return ring.signingKey();
    });

    const { accessToken } = await app.login(email);

    expect(signing).toHaveBeenCalledTimes(1);
    expect(Number(partsOf(accessToken).payload['exp']) - before).toBeLessThanOrEqual(901);
    expect(app.clock.seconds() - before).toBeGreaterThanOrEqual(300);
  });

  it('ASVS 7.4.2: refuses every token of a disabled account at once, and its sign-in', async () => {
    const { id, email, one, other } = await somebody();

    const disabled = await app.patch(`/v1/users/${id}`, { status: 'disabled' }, { token: admin });
    const statuses = [await statusOf(one), await statusOf(other)];
    const signIn = await app.post('/v1/auth/login', { email, password: PASSWORD });

    expect(disabled.status).toBe(200);
    expect(statuses).toEqual([401, 401]);
    expect(signIn.status).toBe(401);
  });

  it('ASVS 7.4.2: keeps refusing them when the account is enabled again', async () => {
    const { id, email, one } = await somebody();

    await app.patch(`/v1/users/${id}`, { status: 'disabled' }, { token: admin });
    await app.patch(`/v1/users/${id}`, { status: 'active' }, { token: admin });
    const { accessToken: fresh } = await app.login(email);
    const statuses = [await statusOf(one), await statusOf(fresh)];

    expect(statuses).toEqual([401, 200]);
  });

  it('ASVS 7.4.2: refuses every token of a deleted account at once, and its sign-in', async () => {
    const { email, one, other } = await somebody();

    const deleted = await app.delete('/v1/users/me', { token: one, body: { currentPassword: PASSWORD } });
    const statuses = [await statusOf(one), await statusOf(other)];
    const signIn = await app.post('/v1/auth/login', { email, password: PASSWORD });

    expect(deleted.status).toBe(204);
    expect(statuses).toEqual([401, 401]);
    expect(signIn.status).toBe(401);
  });

  it('ASVS 7.4.3: refuses the tokens of every other session when the password changes', async () => {
    const { one, other } = await somebody();

    const changed = await app.post(
      '/v1/auth/password/change',
      { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      { token: one },
    );
    const statuses = [await statusOf(one), await statusOf(other)];

    expect(changed.status).toBe(204);
    expect(statuses).toEqual([200, 401]);
  });

  it('ASVS 7.4.5: refuses every token when an administrator signs the account out', async () => {
    const { id, one, other } = await somebody();

    const signedOut = await app.post(`/v1/users/${id}/sign-out`, undefined, { token: admin });
    const statuses = [await statusOf(one), await statusOf(other)];

    expect(signedOut.status).toBe(204);
    expect(statuses).toEqual([401, 401]);
  });

  it('ASVS 7.5.2: refuses every token when the owner signs out everywhere', async () => {
    const { one, other } = await somebody();

    const signedOut = await app.delete('/v1/auth/sessions', { token: one });
    const statuses = [await statusOf(one), await statusOf(other)];

    expect(signedOut.status).toBe(204);
    expect(statuses).toEqual([401, 401]);
  });

  it.each([
    ['taken away', ['customer', 'admin'], ['customer'], 403],
    ['given', ['customer'], ['customer', 'admin'], 200],
  ] as const)(
    'ASVS 8.3.2: makes a role that is %s take hold on tokens already issued',
    async (_, from, to, now) => {
      const { id, email } = await somebody();
      await app.patch(`/v1/users/${id}`, { roles: from }, { token: admin });
      const { accessToken: old } = await app.login(email);

      await app.patch(`/v1/users/${id}`, { roles: to }, { token: admin });
      const { accessToken: fresh } = await app.login(email);
      const answers = [
        await app.get('/v1/users', { token: old }),
        await app.get('/v1/users', { token: fresh }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([401, now]);
    },
  );
});
