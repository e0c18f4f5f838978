import { type JsonWebKey, createPublicKey } from 'node:crypto';
import { createVerifier } from 'fast-jwt';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
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

  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'])(
    'signs with %s, and an RFC 9068 resource server verifies it with the published key alone',
    async (algorithm) => {
      app = await startTestApp({ JWT_ALGORITHM: algorithm }, database);
      await app.register('ada@example.com');
      const { accessToken, sessionId } = await app.login('ada@example.com');
      const jwks = await app.get('/.well-known/jwks.json');
      const keys = createRemoteJWKSet(new URL(`${app.url}/.well-known/jwks.json`));
      const verified = await jwtVerify(accessToken, keys, {
        issuer: 'http://localhost:3000',
        audience: 'latchkey',
        typ: 'at+jwt',
        algorithms: [algorithm],
      });

      expect(verified.payload['sid']).toBe(sessionId);
      expect(jwks.headers.get('cache-control')).toBe('public, max-age=300');
      expect(jwks.body.keys).toHaveLength(1);
      expect(jwks.body.keys[0]).toMatchObject({
        alg: algorithm,
        use: 'sig',
        kid: decodeProtectedHeader(accessToken).kid,
      });
      expect(Object.keys(jwks.body.keys[0])).not.toEqual(expect.arrayContaining(['d']));
    },
  );

  it.each(['ES256', 'RS256', 'PS256', 'EdDSA', 'HS256'])(
    'takes its own tokens of %s again, and refuses them with a changed claim, signature or algorithm',
    async (algorithm) => {
      app = await startTestApp({ JWT_ALGORITHM: algorithm }, database);
      await app.register('ada@example.com');
      const signedIn = await app.login('ada@example.com');
      const { body: renewed } = await app.post('/v1/auth/refresh', { refreshToken: signedIn.refreshToken });
      const [header = '', payload = '', signature = ''] = signedIn.accessToken.split('.');
      const admin = Buffer.from(payload, 'base64url').toString().replace('"customer"', '"admin"');
      const flipped = Buffer.from(signature, 'base64url');
      flipped.writeUInt8(flipped.readUInt8(9) ^ 1, 9);
      const others = ['ES256', 'RS256', 'PS256', 'EdDSA', 'HS256'].filter((other) => other !== algorithm);
      const tampered = [
        [header, Buffer.from(admin).toString('base64url'), signature],
        [header, payload, flipped.toString('base64url')],
        [header, payload, Buffer.alloc(flipped.length).toString('base64url')],
        ...others.map((other) => {
          const renamed = Buffer.from(header, 'base64url').toString().replace(algorithm, other);
          return [Buffer.from(renamed).toString('base64url'), payload, signature];
        }),
      ].map((parts) => parts.join('.'));

      const statusOf = async (token: string): Promise<number> =>
        (await app.get('/v1/users/me', { token })).status;
      const own = await Promise.all([signedIn.accessToken, renewed.accessToken].map(statusOf));
      const refused = await Promise.all(tampered.map(statusOf));

      expect(decodeProtectedHeader(signedIn.accessToken)).toEqual({
        alg: algorithm,
        typ: 'at+jwt',
        kid: expect.any(String),
      });
      expect(own).toEqual([200, 200]);
      expect(refused).toEqual(tampered.map(() => 401));
    },
  );

  it('signs what fast-jwt verifies, too', async () => {
    app = await startTestApp({ JWT_ALGORITHM: 'EdDSA' }, database);
    const id = await app.register('ada@example.com');
    const { accessToken } = await app.login('ada@example.com');
    const published: JsonWebKey[] = (await app.get('/.well-known/jwks.json')).body.keys;
    const verify = createVerifier({
      key: async ({ header }: { header: Record<string, unknown> }) => {
        const key = published.find(({ kid }) => kid === header['kid']) ?? {};
        return createPublicKey({ key, format: 'jwk' }).export({ format: 'pem', type: 'spki' }).toString();
      },
      algorithms: ['EdDSA'],
      allowedIss: 'http://localhost:3000',
      allowedAud: 'latchkey',
      checkTyp: 'at+jwt',
      requiredClaims: ['exp', 'iat', 'jti', 'sub'],
    });

    const claims = await verify(accessToken);

    expect(claims.sub).toBe(id);
    await expect(verify(`${accessToken.slice(0, -8)}AAAAAAAA`)).rejects.toThrow('signature is invalid');
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
