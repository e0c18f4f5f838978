import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import { type TestApp, startTestApp } from '../support/app.js';
import { Forge, hs256Settings } from './support/crafted-token.js';
import { errorsIn } from './support/log-lines.js';

describe('the claims of an access token', () => {
  let app: TestApp;
  let forge: Forge;
  beforeAll(async () => {
    app = await startTestApp(hs256Settings());
    forge = new Forge(await app.signIn('customer'), app.nest.get(KeyRing).signingKey());
  });
  afterAll(() => app.close());

  const statusWith = async (payload: Record<string, unknown>): Promise<number> =>
    (await app.get('/v1/users/me', { token: forge.token({ payload }) })).status;

  it('RFC 7519 7.2: accepts a token of the right claims, so that the refusals below mean something', async () => {
    const status = await statusWith({});

    expect(status).toBe(200);
  });

  it.each([
    undefined,
    null,
    '',
    'https://evil.example',
    'http://localhost:3000/',
    'HTTP://LOCALHOST:3000',
    ['http://localhost:3000'],
    { 'http://localhost:3000': true },
    3000,
  ])('RFC 8725 3.8: refuses iss %j', async (iss) => {
    const status = await statusWith({ iss });

    expect(status).toBe(401);
  });

  it.each([
    undefined,
    null,
    '',
    'another-api',
    'latchkey ',
    'LATCHKEY',
    'latch',
    [],
    ['another-api'],
    [['latchkey']],
    { latchkey: true },
    { 0: 'latchkey', length: 1 },
    true,
  ])('RFC 8725 3.9: refuses aud %j', async (aud) => {
    const status = await statusWith({ aud });

    expect(status).toBe(401);
  });

  it('RFC 7519 4.1.3: accepts a list of audiences with us in it', async () => {
    const status = await statusWith({ aud: ['another-api', 'latchkey'] });

    expect(status).toBe(200);
  });

  it.each([undefined, null, 0, -1, -1e308, 1e308, 9_007_199_254_740_993, true, '', 'never', [], {}])(
    'ASVS 9.2.1: refuses exp %j',
    async (exp) => {
      const status = await statusWith({ exp });

      expect(status).toBe(401);
    },
  );

  it('RFC 7519 4.1.4: refuses a token from the second in which it expires', async () => {
    const now = app.clock.seconds();

    const statuses = [await statusWith({ exp: now }), await statusWith({ exp: now - 1 })];

    expect(statuses).toEqual([401, 401]);
  });

  it('RFC 7519 2: refuses times that are right but written as text or in a list', async () => {
    const { exp, iat } = forge.payload;

    const statuses = [
      await statusWith({ exp: String(exp) }),
      await statusWith({ exp: [exp] }),
      await statusWith({ iat: String(iat) }),
      await statusWith({ iat: [iat] }),
      await statusWith({ nbf: String(iat) }),
    ];

    expect(statuses).toEqual([401, 401, 401, 401, 401]);
  });

  it.each([undefined, null, -1, -1e308, 1e308, false, '', {}])(
    'RFC 9068 2.2: refuses iat %j',
    async (iat) => {
      const status = await statusWith({ iat });

      expect(status).toBe(401);
    },
  );

  it.each([null, -1, 1e308, false, '', {}])('RFC 7519 4.1.5: refuses nbf %j', async (nbf) => {
    const status = await statusWith({ nbf });

    expect(status).toBe(401);
  });

  it.each(['nbf', 'iat'])('ASVS 9.2.1: refuses an %s in the future beyond the leeway', async (name) => {
    const now = app.clock.seconds();

    const statuses = [await statusWith({ [name]: now + 60 }), await statusWith({ [name]: now + 4 })];

    expect(statuses).toEqual([401, 200]);
  });

  it.each(['sub', 'sid', 'jti'])('RFC 9068 2.2: refuses a %s that is no id', async (name) => {
    const values = [
      undefined,
      null,
      1,
      '',
      'admin',
      "' OR 1=1 --",
      '0'.repeat(36),
      [forge.payload[name]],
      {},
    ];

    const statuses = await Promise.all(values.map((value) => statusWith({ [name]: value })));

    expect(new Set(statuses)).toEqual(new Set([401]));
  });

  it.each([
    undefined,
    null,
    'admin',
    'customer',
    ['root'],
    [['customer']],
    ['customer', 1],
    { 0: 'admin' },
    1,
  ])('ASVS 9.2.1: refuses roles %j', async (roles) => {
    const status = await statusWith({ roles });

    expect(status).toBe(401);
  });

  it.each([undefined, null, 0, -1, 1.5, 1e308, '1', true, [1]])('ASVS 9.2.1: refuses ver %j', async (ver) => {
    const status = await statusWith({ ver });

    expect(status).toBe(401);
  });

  it('RFC 7519 4.1.4: refuses a token of ours when its 15 minutes are over', async () => {
    const { accessToken: token } = await app.login('customer@example.com');
    const before = await app.get('/v1/users/me', { token });

    app.clock.advance({ minutes: 15 });
    const after = await app.get('/v1/users/me', { token });

    expect([before.status, after.status]).toEqual([200, 401]);
    expect(after.body.code).toBe('invalid-token');
  });

  it('RFC 8725 3.10: finds nothing unexpected in any of these claims', () => {
    const errors = errorsIn(app.log);

    expect(errors).toEqual([]);
  });
});
