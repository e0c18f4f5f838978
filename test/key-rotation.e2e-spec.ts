import { decodeProtectedHeader } from 'jose';
import { VerifiedTokens } from '../src/auth/guards/verified-tokens.js';
import { KeyAdministrationService } from '../src/auth/tokens/keys/key-administration.service.js';
import { KeyRing } from '../src/auth/tokens/keys/key-ring.js';
import { KeySuccession } from '../src/auth/tokens/keys/key-succession.js';
import { KeyStore } from '../src/auth/tokens/keys/key-store.js';
import { resealAll } from '../src/auth/reseal.js';
import { LOCAL_COMMAND } from '../src/http/caller.decorator.js';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import type { Answer } from './support/client.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

const SECRET = 'k3Yp9vQ2mX7tR4wZ8nB6cF1hJ5sD0gLa';
const BY_COMMAND = { caller: LOCAL_COMMAND };

describe('the rotation of signing keys', () => {
  let database: TestDatabase;
  let app: TestApp;
  let adminId: Promise<string> | undefined;
  beforeEach(async () => {
    database = await createTestDatabase();
    adminId = undefined;
  });
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    app = await startTestApp(environment, database);
  }

  /** A token as new as can be, for somebody who may see and rotate keys. */
  async function freshAdmin(): Promise<string> {
    adminId ??= app.register('admin@example.com', ['customer', 'admin']);
    await adminId;
    return (await app.login('admin@example.com')).accessToken;
  }

  const rotate = async (): Promise<Answer> =>
    app.post('/v1/keys/rotate', undefined, { token: await freshAdmin() });

  const listed = async (): Promise<Record<string, unknown>[]> =>
    (await app.get('/v1/keys', { token: await freshAdmin() })).body.items;

  const states = async (): Promise<unknown[]> => (await listed()).map(({ state }) => state);

  const publishedKids = async (): Promise<string[]> =>
    (await app.get('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid);

  const kidOf = (token: string): string | undefined => decodeProtectedHeader(token).kid;

  const statusOf = async (token: string): Promise<number> =>
    (await app.get('/v1/users/me', { token })).status;

  // The database is asked for unknown kids a second after it was asked last; until then they are refused.
  async function until503(token: string): Promise<Answer> {
    let answer = await app.get('/v1/users/me', { token });
    while (answer.status === 401) {
      answer = await app.get('/v1/users/me', { token });
    }
    return answer;
  }

  it('makes a key that is published at once and signs six minutes later', async () => {
    await start();
    const [present] = await listed();

    const { status, body: next } = await rotate();
    const published = await publishedKids();
    app.clock.advance({ minutes: 5, seconds: 59 });
    const before = await freshAdmin();
    app.clock.advance({ seconds: 1 });
    const after = await freshAdmin();

    expect(status).toBe(201);
    expect(next).toEqual({
      kid: expect.any(String),
      algorithm: 'ES256',
      state: 'next',
      createdAt: expect.any(String),
      signsFrom: expect.any(String),
      verifiesUntil: null,
    });
    expect(published).toEqual([next.kid, present?.['kid']]);
    expect(Math.round((Date.parse(next.signsFrom) - Date.parse(next.createdAt)) / 1000)).toBe(360);
    expect(kidOf(before)).toBe(present?.['kid']);
    expect(kidOf(after)).toBe(next.kid);
    expect(await Promise.all([before, after].map(statusOf))).toEqual([200, 200]);
  });

  it('lets the key before go when the last token it signed has expired, and a minute has passed', async () => {
    await start();
    await rotate();

    const asNext = await states();
    app.clock.advance({ minutes: 6 });
    const asCurrent = await states();
    app.clock.advance({ minutes: 15, seconds: 50 });
    const almost = await states();
    app.clock.advance({ seconds: 10 });
    const gone = await states();

    expect(asNext).toEqual(['next', 'current']);
    expect(asCurrent).toEqual(['current', 'previous']);
    expect(almost).toEqual(['current', 'previous']);
    expect(gone).toEqual(['current']);
    expect(await publishedKids()).toHaveLength(1);
  });

  it('is refused while a next key is waiting, and says until when', async () => {
    await start();
    const { body: next } = await rotate();

    const refused = await rotate();
    app.clock.advance({ minutes: 6 });
    const taken = await rotate();

    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe('conflict');
    expect(refused.body.detail).toBe(
      `The next key ${next.kid} is waiting and takes over at ${next.signsFrom}.`,
    );
    expect(taken.status).toBe(201);
  });

  it('is done once by those who ask at the same time', async () => {
    await start();
    const token = await freshAdmin();

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => app.post('/v1/keys/rotate', undefined, { token })),
    );

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
    expect(await states()).toEqual(['next', 'current']);
  });

  it('goes on over a restart: the next key stays the next one', async () => {
    await start();
    const { body: next } = await rotate();
    await app.close();
    await start();

    const [kept] = await listed();

    expect(kept).toEqual(next);
  });

  it('takes the algorithm that is set', async () => {
    await start({ JWT_ALGORITHM: 'EdDSA' });

    const { body } = await rotate();
    app.clock.advance({ minutes: 6 });
    const token = await freshAdmin();

    expect(body.algorithm).toBe('EdDSA');
    expect(kidOf(token)).toBe(body.kid);
    expect(await statusOf(token)).toBe(200);
  });

  it('is refused where the secret is the operator’s', async () => {
    await start({ JWT_ALGORITHM: 'HS256', JWT_SECRET: SECRET });

    const { status, body } = await rotate();

    expect(status).toBe(409);
    expect(body.detail).toContain('JWT_SECRET');
  });

  it('is refused by a process that still has the secret from before the keys were resealed, which goes on', async () => {
    await start({ KEY_ENCRYPTION_SECRET: SECRET });
    const token = await freshAdmin();

    await resealAll(app.database, SECRET, `${SECRET}, and more`);
    await app.nest.get(KeyRing).reload();
    const { status, body } = await rotate();

    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.detail).toContain('KEY_ENCRYPTION_SECRET has been changed');
    expect(await statusOf(token)).toBe(200);
    expect(await states()).toEqual(['current']);
  });

  it('answers 503, not 401, to a kid that it cannot ask the database about', async () => {
    await start();
    const [, payload, signature] = (await freshAdmin()).split('.');
    const header = { alg: 'ES256', typ: 'at+jwt', kid: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' };
    const token = [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join('.');
    const looks = jest
      .spyOn(app.nest.get(KeyStore), 'living')
      .mockRejectedValue(Object.assign(new Error('the database is away'), { code: 'ECONNREFUSED' }));
    await expect(app.nest.get(KeyRing).reload()).rejects.toThrow('the database is away');

    const { status, body } = await until503(token);
    looks.mockRestore();

    expect([status, body.code]).toEqual([503, 'unavailable']);
  });

  describe('while the ring is too old to sign with, and the database does not give it anew', () => {
    let before: { accessToken: string; refreshToken: string };
    let looks: jest.SpyInstance;
    beforeEach(async () => {
      await start();
      await app.register('anybody@example.com');
      before = await app.login('anybody@example.com');
      looks = jest
        .spyOn(app.nest.get(KeyStore), 'living')
        .mockRejectedValue(Object.assign(new Error('the database is away'), { code: 'ECONNREFUSED' }));
      app.clock.advance({ minutes: 6, seconds: 1 });
    });
    afterEach(() => looks.mockRestore());

    const count = async (sql: string): Promise<number> => (await app.database.query(sql)).length;

    it('uses no refresh token up: the same one is good afterwards', async () => {
      const { refreshToken } = before;

      const refused = await app.post('/v1/auth/refresh', { refreshToken });
      looks.mockRestore();
      app.clock.advance({ seconds: 11 });
      const again = await app.post('/v1/auth/refresh', { refreshToken });

      expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
      expect(again.status).toBe(200);
    });

    it('opens no session for whoever signs in', async () => {
      const { status } = await app.post('/v1/auth/login', {
        email: 'anybody@example.com',
        password: PASSWORD,
      });

      expect(status).toBe(503);
      expect(await count('SELECT FROM sessions')).toBe(1);
    });

    it('renews none for whoever proves the password again', async () => {
      const { status } = await app.post(
        '/v1/auth/reauthenticate',
        { password: PASSWORD },
        { token: before.accessToken },
      );

      expect(status).toBe(503);
      expect(await count('SELECT FROM sessions WHERE authenticated_at = created_at')).toBe(1);
    });
  });

  it('happens by itself when the key has signed for 30 days', async () => {
    await start();
    const keys = app.nest.get(KeyAdministrationService);

    app.clock.advance({ days: 29, hours: 23, minutes: 59 });
    await keys.rotateWhenDue();
    const early = await states();
    app.clock.advance({ minutes: 1 });
    await Promise.all([keys.rotateWhenDue(), keys.rotateWhenDue()]);
    const due = await states();
    app.clock.advance({ days: 29 });
    await keys.rotateWhenDue();
    const after = await states();

    expect(early).toEqual(['current']);
    expect(due).toEqual(['next', 'current']);
    expect(after).toEqual(['current']);
  });

  it.each(['30d', '0'])(
    'happens by itself where the key was given an end without a successor, with an interval of %s',
    async (interval) => {
      await start({ KEY_ROTATION_INTERVAL: interval });
      await app.nest.get(KeySuccession).handOver();
      await app.nest.get(KeyRing).reload();

      await app.nest.get(KeyAdministrationService).rotateWhenDue();

      expect(await states()).toEqual(['next', 'current']);
    },
  );

  it('never happens by itself where it is turned off', async () => {
    await start({ KEY_ROTATION_INTERVAL: '0' });

    app.clock.advance({ days: 400 });
    await app.nest.get(KeyAdministrationService).rotateWhenDue();

    expect(await states()).toEqual(['current']);
  });

  describe('when a key has leaked', () => {
    const retire = (kid: unknown): Promise<void> =>
      app.nest.get(KeyAdministrationService).retire(String(kid), BY_COMMAND);

    it('refuses its tokens at once, also those that are remembered, and signs with a new one', async () => {
      await start();
      const token = await freshAdmin();
      const before = await statusOf(token);
      const isRemembered = app.nest.get(VerifiedTokens).find(token) !== undefined;

      await retire(kidOf(token));
      const after = await freshAdmin();

      expect([before, isRemembered]).toEqual([200, true]);
      expect(await statusOf(token)).toBe(401);
      expect(await statusOf(after)).toBe(200);
      expect(await states()).toEqual(['current']);
      expect(await publishedKids()).toEqual([kidOf(after)]);
    });

    it('lets the next key sign now, if one is waiting', async () => {
      await start();
      const token = await freshAdmin();
      const { body: next } = await rotate();

      await retire(kidOf(token));

      expect(kidOf(await freshAdmin())).toBe(next.kid);
      expect(await states()).toEqual(['current']);
    });

    it('goes on with the present key, if it was to sign next', async () => {
      await start();
      const token = await freshAdmin();
      const { body: next } = await rotate();

      await retire(next.kid);
      app.clock.advance({ days: 1 });

      expect(kidOf(await freshAdmin())).toBe(kidOf(token));
      expect(await listed()).toEqual([expect.objectContaining({ state: 'current', verifiesUntil: null })]);
    });

    it('changes nothing else, if it had signed before', async () => {
      await start();
      const token = await freshAdmin();
      const { body: next } = await rotate();
      app.clock.advance({ minutes: 6 });

      await retire(kidOf(token));

      expect(await statusOf(token)).toBe(401);
      expect(await listed()).toEqual([{ ...next, state: 'current' }]);
    });

    it('is refused for a key that nobody knows, and for a secret that would come back', async () => {
      await start({ JWT_ALGORITHM: 'HS256', JWT_SECRET: SECRET });
      const token = await freshAdmin();

      await expect(retire('019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11')).rejects.toThrow('no such key');
      await expect(retire(kidOf(token))).rejects.toThrow('JWT_SECRET');
      expect(await statusOf(token)).toBe(200);
    });
  });

  it('refuses a remembered token when the end of its key was decided after it was remembered', async () => {
    await start({ ACCESS_TOKEN_TTL: '1h' });
    const token = await freshAdmin();
    const before = await statusOf(token);

    await app.database.query(`UPDATE signing_keys SET verifies_until = $1`, [
      new Date(app.clock.now() + 60_000),
    ]);
    await app.nest.get(KeyRing).reload();
    const within = await statusOf(token);
    app.clock.advance({ seconds: 61 });

    expect([before, within]).toEqual([200, 200]);
    expect(await statusOf(token)).toBe(401);
  });
});

describe('the metadata of the authorization server (RFC 8414)', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it('names everything a service needs, below the issuer', async () => {
    app = await startTestApp({ JWT_ISSUER: 'https://api.shop.test' });

    const { status, headers, body } = await app.get('/.well-known/oauth-authorization-server');

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(body).toEqual({
      issuer: 'https://api.shop.test',
      jwks_uri: 'https://api.shop.test/.well-known/jwks.json',
      revocation_endpoint: 'https://api.shop.test/v1/oauth/revoke',
      revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
      introspection_endpoint: 'https://api.shop.test/v1/oauth/introspect',
      introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
      response_types_supported: [],
      grant_types_supported: [],
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'PS256', 'RS256'],
    });
  });

  it('is not there where the issuer is no address', async () => {
    app = await startTestApp({ JWT_ISSUER: 'the shop' });

    const { status, body } = await app.get('/.well-known/oauth-authorization-server');

    expect([status, body.code]).toEqual([404, 'not-found']);
  });
});
