import { Housekeeping } from '../src/auth/housekeeping.js';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import { DpopKey } from './support/dpop-key.js';
import { createTestDatabase } from './support/test-database.js';

describe('a session that is bound to a key', () => {
  let app: TestApp;
  let key: DpopKey;
  let other: DpopKey;
  beforeAll(async () => {
    app = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1' });
    key = await DpopKey.make(app.clock);
    other = await DpopKey.make(app.clock);
    await app.register('ada@example.com');
  });
  afterAll(() => app.close());

  /** Signs in with a proof. */
  async function signIn() {
    const { body } = await key.send(app, 'POST', '/v1/auth/login', {
      body: { email: 'ada@example.com', password: PASSWORD, delivery: 'body' },
    });
    return body;
  }

  it.each(['ES256', 'EdDSA', 'PS256', 'RS256'])(
    'is opened by signing in with a proof, and used with one at each request: %s',
    async (algorithm) => {
      const mine = await DpopKey.make(app.clock, algorithm);

      const signedIn = await mine.send(app, 'POST', '/v1/auth/login', {
        body: { email: 'ada@example.com', password: PASSWORD, delivery: 'body' },
      });
      const { accessToken: token } = signedIn.body;
      const answers = [
        await mine.send(app, 'GET', '/v1/users/me', { token }),
        await mine.send(app, 'GET', '/v1/users/me?x=1', { token }),
        await mine.send(app, 'PATCH', '/v1/users/me', { token, body: { displayName: 'Ada' } }),
        await mine.send(app, 'GET', '/v1/products?limit=1', { token }),
      ];

      expect(signedIn.body.tokenType).toBe('DPoP');
      expect(claimsOf(token).cnf).toEqual({ jkt: mine.jkt });
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    },
  );

  it('is not what a sign-in without a proof opens', async () => {
    const { accessToken: token, ...signedIn } = await app.login('ada@example.com');

    const answer = await app.get('/v1/users/me', { token });

    expect(signedIn).toMatchObject({ tokenType: 'Bearer' });
    expect(claimsOf(token)).not.toHaveProperty('cnf');
    expect(answer.status).toBe(200);
  });

  it('is not opened with a wrong proof', async () => {
    const dpop = await key.proof('POST', `${app.url}/v1/auth/refresh`);

    const answer = await app.post(
      '/v1/auth/login',
      { email: 'ada@example.com', password: PASSWORD },
      { headers: { dpop } },
    );

    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('invalid-dpop-proof');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('is refreshed with proof of the same key, and stays bound to it', async () => {
    const { refreshToken } = await signIn();

    const refreshed = await key.send(app, 'POST', '/v1/auth/refresh', { body: { refreshToken } });
    const { accessToken: token } = refreshed.body;
    const answer = await key.send(app, 'GET', '/v1/users/me', { token });

    expect(refreshed.body.tokenType).toBe('DPoP');
    expect(claimsOf(token).cnf).toEqual({ jkt: key.jkt });
    expect(answer.status).toBe(200);
  });

  it('is refreshed by cookie in the same way', async () => {
    const signedIn = await key.send(app, 'POST', '/v1/auth/login', {
      body: { email: 'ada@example.com', password: PASSWORD },
    });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';

    const without = await app.post('/v1/auth/refresh', undefined, { headers: { cookie } });
    const refreshed = await key.send(app, 'POST', '/v1/auth/refresh', { headers: { cookie } });

    expect(without.body.code).toBe('invalid-dpop-proof');
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.tokenType).toBe('DPoP');
  });

  it('is not refreshed without proof of its key, and not ended by who tries', async () => {
    const { refreshToken } = await signIn();

    const without = await app.post('/v1/auth/refresh', { refreshToken });
    const withAnother = await other.send(app, 'POST', '/v1/auth/refresh', { body: { refreshToken } });
    const rotated = await key.send(app, 'POST', '/v1/auth/refresh', { body: { refreshToken } });
    app.clock.advance({ seconds: 30 });
    const usedTokenWithAnother = await other.send(app, 'POST', '/v1/auth/refresh', {
      body: { refreshToken },
    });
    const owner = await key.send(app, 'POST', '/v1/auth/refresh', {
      body: { refreshToken: rotated.body.refreshToken },
    });

    expect(
      [without, withAnother, usedTokenWithAnother].map(({ status, body }) => [status, body.code]),
    ).toEqual([
      [401, 'invalid-dpop-proof'],
      [401, 'invalid-dpop-proof'],
      [401, 'invalid-dpop-proof'],
    ]);
    expect([rotated.status, owner.status]).toEqual([200, 200]);
  });

  it('stays bound when the password is proved again in it', async () => {
    const { accessToken: token } = await signIn();

    const answer = await key.send(app, 'POST', '/v1/auth/reauthenticate', {
      token,
      body: { password: PASSWORD },
    });
    const asBearer = await app.post('/v1/auth/reauthenticate', { password: PASSWORD }, { token });

    expect(answer.body.tokenType).toBe('DPoP');
    expect(claimsOf(answer.body.accessToken).cnf).toEqual({ jkt: key.jkt });
    expect(asBearer.status).toBe(401);
  });

  it('is told to prove the password again by the challenge of its own scheme', async () => {
    const { refreshToken } = await signIn();
    app.clock.advance({ minutes: 6 });
    const { body } = await key.send(app, 'POST', '/v1/auth/refresh', { body: { refreshToken } });

    const answer = await key.send(app, 'DELETE', '/v1/users/me', {
      token: body.accessToken,
      body: { currentPassword: PASSWORD },
    });

    expect(answer.body.code).toBe('insufficient-user-authentication');
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^DPoP error="insufficient_user_authentication", .*max_age="300", algs="ES256 EdDSA PS256 RS256"$/,
    );
  });

  it('ends as any other', async () => {
    const { accessToken: token, refreshToken } = await signIn();

    const signedOut = await key.send(app, 'POST', '/v1/auth/logout', { token });
    const after = await key.send(app, 'GET', '/v1/users/me', { token });
    const refreshed = await key.send(app, 'POST', '/v1/auth/refresh', { body: { refreshToken } });

    expect([signedOut.status, after.status, refreshed.status]).toEqual([204, 401, 401]);
  });

  it('is used under the name that a trusted proxy gives the server', async () => {
    const { accessToken: token } = await signIn();
    const uri = 'https://api.shop.example/v1/users/me';
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.shop.example' };
    const call = async (htu: string) =>
      app.get('/v1/users/me', {
        headers: {
          ...forwarded,
          authorization: `DPoP ${token}`,
          dpop: await key.proof('GET', htu, token),
        },
      });

    const outside = await call(uri);
    const inside = await call(`${app.url}/v1/users/me`);

    expect([outside.status, inside.status]).toEqual([200, 401]);
  });

  it('may be asked for by a page of a listed origin, which may read why it was refused', async () => {
    const shop = await startTestApp({ CORS_ORIGINS: 'https://shop.example' });
    const origin = 'https://shop.example';

    const preflight = await shop.send('OPTIONS', '/v1/users/me', {
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,dpop',
      },
    });
    const answer = await shop.get('/v1/users/me', { headers: { origin } });
    await shop.close();

    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/\bDPoP\b/);
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/\bWWW-Authenticate\b/);
  });
});

describe('proofs that were used', () => {
  let app: TestApp;
  let key: DpopKey;
  let token: string;
  beforeEach(async () => {
    app = await startTestApp();
    key = await DpopKey.make(app.clock);
    await app.register('ada@example.com');
    ({ accessToken: token } = (
      await key.send(app, 'POST', '/v1/auth/login', {
        body: { email: 'ada@example.com', password: PASSWORD },
      })
    ).body);
  });
  afterEach(() => app.close());

  /** A proof of a time so many seconds from now. */
  const proofAt = (seconds: number): Promise<string> =>
    key.proof('GET', `${app.url}/v1/users/me`, token, {
      payload: { iat: app.clock.seconds() + seconds },
    });
  const present = async (dpop: string, to = app) =>
    to.get('/v1/users/me', {
      headers: { authorization: `DPoP ${token}`, dpop, host: new URL(app.url).host },
    });

  it('are removed once nobody would take them any more', async () => {
    const before = await present(await proofAt(50));
    const rows = () => app.database.query('SELECT count(*)::integer AS count FROM dpop_proofs');
    const kept = await rows();

    app.clock.advance({ seconds: 100 });
    await app.nest.get(Housekeeping).clean();
    const keptYet = await rows();
    app.clock.advance({ seconds: 80 });
    await app.nest.get(Housekeeping).clean();

    expect(before.status).toBe(200);
    expect(kept[0].count).toBeGreaterThanOrEqual(1);
    expect(keptYet[0].count).toBeGreaterThanOrEqual(1);
    expect(await rows()).toEqual([{ count: 0 }]);
  });

  it('let nobody in while they cannot be remembered', async () => {
    await app.database.query('ALTER TABLE dpop_proofs RENAME TO away');

    const refused = await present(await proofAt(10));
    await app.database.query('ALTER TABLE away RENAME TO dpop_proofs');
    const admitted = await present(await proofAt(10));

    expect(refused.status).toBe(503);
    expect(refused.body.code).toBe('unavailable');
    expect(refused.headers.get('retry-after')).toMatch(/^[123]$/);
    expect(admitted.status).toBe(200);
  });

  it('are not used again after a crash has emptied their table', async () => {
    const used = await proofAt(20);
    const before = await present(used);

    await app.database.query('TRUNCATE dpop_proofs, dpop_proofs_since');
    const statuses = [
      (await present(await proofAt(15))).status,
      (await present(await proofAt(16))).status,
      (await present(used)).status,
    ];
    app.clock.advance({ seconds: 62 });
    const later = await present(await proofAt(1));

    expect(before.status).toBe(200);
    expect(statuses).toEqual([401, 401, 401]);
    expect(later.status).toBe(200);
  });
});

describe('a process that has started anew', () => {
  const uri = 'http://api.shop.example/v1/users/me';
  const environment = { TRUSTED_PROXIES: '127.0.0.1' };

  it('refuses the proofs that the one before has taken, also those ahead of its clock', async () => {
    const database = await createTestDatabase();
    const before = await startTestApp(environment, database);
    const key = await DpopKey.make(before.clock);
    await before.register('ada@example.com');
    const { body } = await key.send(before, 'POST', '/v1/auth/login', {
      body: { email: 'ada@example.com', password: PASSWORD },
    });
    const { accessToken: token } = body;
    const used = await Promise.all(
      [-30, 0, 2, 50].map((ahead) =>
        key.proof('GET', uri, token, { payload: { iat: before.clock.seconds() + ahead } }),
      ),
    );
    const statusesOf = async (app: TestApp, proofs: readonly string[]): Promise<number[]> =>
      Promise.all(
        proofs.map(async (dpop) => {
          const headers = { authorization: `DPoP ${token}`, dpop, 'x-forwarded-host': 'api.shop.example' };
          return (await app.get('/v1/users/me', { headers })).status;
        }),
      );

    const firstUse = await statusesOf(before, used);
    await before.close();
    const after = await startTestApp(environment, database);
    after.clock.advance({ seconds: 3 });
    const secondUse = await statusesOf(after, used);
    const anew = await statusesOf(after, [
      await key.proof('GET', uri, token, { payload: { iat: after.clock.seconds() } }),
    ]);
    await after.close();
    await database.drop();

    expect(firstUse).toEqual([200, 200, 200, 200]);
    expect(secondUse).toEqual([401, 401, 401, 401]);
    expect(anew).toEqual([200]);
  });
});

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
