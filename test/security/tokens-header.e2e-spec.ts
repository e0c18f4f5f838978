import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import { type TestApp, startTestApp } from '../support/app.js';
import { Forge, encodePart, hs256Settings, signToken } from './support/crafted-token.js';
import { errorsIn } from './support/log-lines.js';

describe('the header of an access token', () => {
  const settings = hs256Settings();
  let app: TestApp;
  let forge: Forge;
  beforeAll(async () => {
    app = await startTestApp(settings);
    forge = new Forge(await app.signIn('customer'), app.nest.get(KeyRing).signingKey());
  });
  afterAll(() => app.close());

  const statusOf = async (token: string): Promise<number> =>
    (await app.get('/v1/users/me', { token })).status;

  it('RFC 7515 5.2: accepts a token of the right header, so that the refusals below mean something', async () => {
    const token = forge.token();

    const status = await statusOf(token);

    expect(status).toBe(200);
  });

  it.each([
    ['a path', '../../../../etc/passwd'],
    ['a path to an empty file', '/dev/null'],
    ['SQL', "' OR '1'='1"],
    ['SQL that ends a statement', "x'; DROP TABLE signing_keys; --"],
    ['a shell command', '| sleep 5'],
    ['a URL', 'http://127.0.0.1:1/keys'],
    ['a NUL character', 'a\0b'],
    ['5,000 characters', 'k'.repeat(5000)],
    ['an empty text', ''],
    ['a name that every object inherits', 'constructor'],
    ['__proto__', '__proto__'],
    ['an id that no key has', '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11'],
    ['missing', undefined],
    ['null', null],
    ['a number', 0],
    ['true', true],
    ['an object', { toString: 'kid' }],
    ['an empty list', []],
  ])('RFC 8725 3.10: refuses a kid that is %s', async (_, kid) => {
    const token = forge.token({ header: { kid } });

    const status = await statusOf(token);

    expect(status).toBe(401);
  });

  it('RFC 8725 3.10: refuses our kid in a list, and in capitals', async () => {
    const { kid } = forge.header;
    const inList = forge.token({ header: { kid: [kid] } });
    const inCapitals = forge.token({ header: { kid: String(kid).toUpperCase() } });

    const statuses = [await statusOf(inList), await statusOf(inCapitals)];

    expect(statuses).toEqual([401, 401]);
  });

  it('ASVS 9.1.3: never follows jku or x5u, in a good token or in a forged one', async () => {
    let visits = 0;
    const server = createServer((_, response) => response.end(String(visits++))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/keys.json`;
    const header = { jku: url, x5u: url };
    const forged = signToken(
      { ...forge.header, ...header, alg: 'ES256', kid: 'theirs' },
      forge.payload,
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    );

    const statuses = [await statusOf(forge.token({ header })), await statusOf(forged)];
    server.close();

    expect(statuses).toEqual([200, 401]);
    expect(visits).toBe(0);
  });

  it.each(['jwk', 'x5c'])('ASVS 9.1.3: takes no key from the %s of a token', async (name) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: forge.header['kid'] };
    const x5c = [publicKey.export({ format: 'der', type: 'spki' }).toString('base64')];
    const header = { ...forge.header, alg: 'ES256', [name]: name === 'jwk' ? jwk : x5c };
    const forged = signToken(header, forge.payload, privateKey);

    const status = await statusOf(forged);

    expect(status).toBe(401);
  });

  it.each([
    ['exp', { crit: ['exp'] }],
    ['an extension nobody knows', { crit: ['https://evil.example/x'], 'https://evil.example/x': 1 }],
    ['b64', { crit: ['b64'], b64: false }],
    ['nothing', { crit: [] }],
    ['null', { crit: null }],
    ['a text', { crit: 'exp' }],
  ])('RFC 7515 4.1.11: refuses crit that names %s', async (_, header) => {
    const token = forge.token({ header });

    const status = await statusOf(token);

    expect(status).toBe(401);
  });

  it.each([
    undefined,
    null,
    '',
    'JWT',
    'jwt',
    'rt+jwt',
    'refresh+jwt',
    'mail+jwt',
    'reset+jwt',
    'mfa+jwt',
    'id+jwt',
    'logout+jwt',
    'secevent+jwt',
    'at+jwt ',
    'xat+jwt',
    'application/jwt',
    ['at+jwt'],
  ])('RFC 8725 3.11: refuses typ %j', async (typ) => {
    const token = forge.token({ header: { typ } });

    const status = await statusOf(token);

    expect(status).toBe(401);
  });

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('RFC 9068 4: accepts typ %j', async (typ) => {
    const token = forge.token({ header: { typ } });

    const status = await statusOf(token);

    expect(status).toBe(200);
  });

  it('ASVS 9.2.2: refuses a refresh token as an access token, and an access token as a refresh token', async () => {
    const { accessToken, refreshToken } = await app.login('customer@example.com');

    const asAccessToken = await statusOf(refreshToken);
    const asRefreshToken = await app.post('/v1/auth/refresh', { refreshToken: accessToken });

    expect(asAccessToken).toBe(401);
    expect(asRefreshToken.status).toBe(401);
  });

  it.each(['HS384', 'HS512', 'hs256', 'RS256', 'none'])(
    'RFC 8725 3.1: refuses alg %s for a key that is for HS256, though the secret is right',
    async (alg) => {
      const digest = { HS384: 'sha384', HS512: 'sha512' }[alg] ?? 'sha256';
      const input = `${encodePart({ ...forge.header, alg })}.${encodePart(forge.payload)}`;
      const signature = createHmac(digest, settings.JWT_SECRET).update(input).digest('base64url');

      const status = await statusOf(`${input}.${signature}`);

      expect(status).toBe(401);
    },
  );

  it('RFC 8725 3.5: refuses HS256 with the empty secret and with secrets of examples', async () => {
    const input = `${encodePart(forge.header)}.${encodePart(forge.payload)}`;
    const forged = ['', 'secret', 'your-256-bit-secret', 'changeme'].map(
      (secret) => `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`,
    );

    const statuses = await Promise.all(forged.map(statusOf));

    expect(statuses).toEqual([401, 401, 401, 401]);
  });

  it('RFC 8725 3.10: finds nothing unexpected in any of these headers', () => {
    const errors = errorsIn(app.log);

    expect(errors).toEqual([]);
  });
});
