import { decodeProtectedHeader } from 'jose';
import { RevocationRecorder } from '../src/auth/tokens/revocation/revocation-recorder.js';
import { type TestApp, startTestApp } from './support/app.js';
import { type TestDatabase, createTestDatabase, onServer } from './support/test-database.js';

const SECRET = 'k3Yp9vQ2mX7tR4wZ8nB6cF1hJ5sD0gLa';

describe('signing keys', () => {
  let database: TestDatabase;
  let app: TestApp;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  it.each<Record<string, string>>([{}, { JWT_SECRET: SECRET }])(
    'signs with HS256 %j and publishes nothing',
    async (environment) => {
      app = await startTestApp({ JWT_ALGORITHM: 'HS256', ...environment }, database);
      await app.register('ada@example.com');
      const { accessToken } = await app.login('ada@example.com');
      const jwks = await app.get('/.well-known/jwks.json');

      expect(decodeProtectedHeader(accessToken).alg).toBe('HS256');
      expect(jwks.body).toEqual({ keys: [] });
      expect((await app.get('/v1/users/me', { token: accessToken })).status).toBe(200);
    },
  );

  it('keeps its key over a restart', async () => {
    app = await startTestApp({}, database);
    await app.register('ada@example.com');
    const { accessToken } = await app.login('ada@example.com');
    await app.close();
    app = await startTestApp({}, database);

    expect((await app.get('/v1/users/me', { token: accessToken })).status).toBe(200);
  });

  it('verifies tokens of the algorithm before until they expire, and then lets that key go', async () => {
    app = await startTestApp({}, database);
    await app.register('ada@example.com');
    const before = await app.login('ada@example.com');
    await app.close();
    app = await startTestApp({ JWT_ALGORITHM: 'RS256' }, database);
    if (onServer) {
      // Other processes have to know the new key first.
      const meanwhile = await app.login('ada@example.com');
      app.clock.advance({ minutes: 6 });

      expect(decodeProtectedHeader(meanwhile.accessToken).alg).toBe('ES256');
    }
    const after = await app.login('ada@example.com');
    const old = await app.get('/v1/users/me', { token: before.accessToken });
    const both = await app.get('/.well-known/jwks.json');
    app.clock.advance({ minutes: 17 });
    const one = await app.get('/.well-known/jwks.json');

    expect(decodeProtectedHeader(after.accessToken).alg).toBe('RS256');
    expect(old.status).toBe(200);
    expect(both.body.keys).toHaveLength(2);
    expect(one.body.keys.map(({ alg }: { alg: string }) => alg)).toEqual(['RS256']);
    expect((await app.get('/v1/users/me', { token: before.accessToken })).status).toBe(401);
  });

  it('forgets no revocation over a restart', async () => {
    app = await startTestApp({}, database);
    const id = await app.register('ada@example.com');
    const signedOut = await app.login('ada@example.com');
    await app.post('/v1/auth/logout', undefined, { token: signedOut.accessToken });
    const demoted = await app.login('ada@example.com');
    await app.patch(
      `/v1/users/${id}`,
      { roles: ['customer', 'editor'] },
      { token: await app.signIn('admin') },
    );
    await app.close();
    app = await startTestApp({}, database);
    const [first, second] = [signedOut, demoted].map(({ accessToken }) =>
      app.get('/v1/users/me', { token: accessToken }),
    );

    expect((await first)?.status).toBe(401);
    expect((await second)?.status).toBe(401);
  });

  it('takes a single token back, too', async () => {
    app = await startTestApp({}, database);
    await app.register('ada@example.com');
    const one = await app.login('ada@example.com');
    const renewed = await app.post('/v1/auth/refresh', { refreshToken: one.refreshToken });
    const { jti } = JSON.parse(Buffer.from(one.accessToken.split('.')[1] ?? '', 'base64url').toString());
    await app.database.transaction((manager) => app.nest.get(RevocationRecorder).revokeToken(manager, jti));

    expect((await app.get('/v1/users/me', { token: one.accessToken })).status).toBe(401);
    expect((await app.get('/v1/users/me', { token: renewed.body.accessToken })).status).toBe(200);
  });

  it('revokes nothing when the transaction is rolled back', async () => {
    app = await startTestApp({}, database);
    await app.register('ada@example.com');
    const { accessToken, sessionId } = await app.login('ada@example.com');
    const failing = app.database.transaction(async (manager) => {
      await app.nest.get(RevocationRecorder).revokeSession(manager, sessionId);
      throw new Error('rolled back');
    });

    await expect(failing).rejects.toThrow('rolled back');
    expect((await app.get('/v1/users/me', { token: accessToken })).status).toBe(200);
  });
});
