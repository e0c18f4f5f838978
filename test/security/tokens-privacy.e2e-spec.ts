import type { KeyObject } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { HeldKey } from '../../src/auth/tokens/keys/held-key.js';
import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import { Settings } from '../../src/config/settings.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import { partsOf } from './support/crafted-token.js';
import { dumpDatabase, secretsFoundIn } from './support/database-dump.js';

describe('what an access token and its keys give away', () => {
  describe.each(['ES256', 'EdDSA'])('with %s', (algorithm) => {
    let app: TestApp;
    let token: string;
    let nextKid: string;
    beforeAll(async () => {
      app = await startTestApp({ JWT_ALGORITHM: algorithm });
      await app.post('/v1/auth/register', {
        email: 'ada.lovelace@example.com',
        password: PASSWORD,
        displayName: 'Ada Lovelace',
      });
      token = (await app.login('ada.lovelace@example.com')).accessToken;
      const rotated = await app.post('/v1/keys/rotate', undefined, { token: await app.signIn('admin') });
      nextKid = rotated.body.kid;
    });
    afterAll(() => app.close());

    /** The private keys, the next one too, in every form somebody may have written them down. */
    function privateKeys(): Record<string, string | Buffer> {
      const ring = app.nest.get(KeyRing);
      const next = ring.find(nextKid);
      const keys = [ring.signingKey(), ...(next instanceof HeldKey ? [next] : [])];
      const forms = keys.flatMap(({ kid, signingKey }) =>
        signingKey === undefined
          ? []
          : Object.entries(formsOf(signingKey)).map(([form, bytes]) => [`${form} of ${kid}`, bytes]),
      );
      return { ...Object.fromEntries(forms), 'a PEM header': 'PRIVATE KEY-----' };
    }

    it('RFC 9068 2.2: a token holds exactly the claims that are meant to be there', () => {
      const { header, payload } = partsOf(token);

      expect(Object.keys(header).toSorted()).toEqual(['alg', 'kid', 'typ']);
      expect(Object.keys(payload).toSorted()).toEqual([
        'aud',
        'auth_time',
        'exp',
        'iat',
        'iss',
        'jti',
        'roles',
        'sid',
        'sub',
        'ver',
      ]);
    });

    it('RFC 8725 2.7: a token holds no address, name, password or hash', async () => {
      const [{ hash }]: [{ hash: string }] = await app.database.query(
        'SELECT hash FROM password_credentials',
      );
      const text = JSON.stringify(partsOf(token)).toLowerCase();

      // No secret that ids could spell by chance: they are hexadecimal.
      const found = ['ada@', 'lovelace', 'example.com', '@', PASSWORD, hash.toLowerCase(), 'argon2'].filter(
        (secret) => text.includes(secret),
      );

      expect(found).toEqual([]);
    });

    it('ASVS 13.3.1: the private key stands nowhere in the database', async () => {
      const dump = await dumpDatabase(app.database);

      const found = secretsFoundIn(dump, privateKeys());

      expect(dump).toContain('sealed_private_key');
      expect(dump).toContain(nextKid);
      expect(Object.keys(privateKeys()).length).toBeGreaterThanOrEqual(7);
      expect(found).toEqual([]);
    });

    it('ASVS 13.3.1: the private key stands neither in the log, nor in the JWK Set, nor in the list of keys, nor in an error', async () => {
      const answers = [
        await app.get('/.well-known/jwks.json'),
        await app.get('/.well-known/jwks.json/private'),
        await app.get('/v1/keys', { token: await app.signIn('admin') }),
        await app.post('/v1/keys/rotate', undefined, { token: await app.signIn('admin') }),
        await app.get('/v1/users/me', { token: 'x.y.z' }),
        await app.get('/health/ready'),
        await app.post('/v1/auth/login', '{'),
      ];

      const found = secretsFoundIn(
        [...answers.map(({ text }) => text), ...app.log].join('\n'),
        privateKeys(),
      );

      expect(found).toEqual([]);
    });

    it('RFC 7517 9.2: the JWK Set holds the public members of each key and no other', async () => {
      const { body } = await app.get('/.well-known/jwks.json');

      const members = body.keys.map((key: object) => Object.keys(key).toSorted());

      const expected = ['alg', 'crv', 'kid', 'kty', 'use', 'x', ...(algorithm === 'ES256' ? ['y'] : [])];
      expect(members).toEqual([expected, expected]);
    });

    it('ASVS 13.3.1: the key that seals the private key is not in the database', async () => {
      const dump = await dumpDatabase(app.database);
      const { KEY_ENCRYPTION_SECRET } = app.nest.get(Settings);

      const found = secretsFoundIn(dump + app.log.join(''), { KEY_ENCRYPTION_SECRET });

      expect(KEY_ENCRYPTION_SECRET.length).toBeGreaterThanOrEqual(32);
      expect(found).toEqual([]);
    });

    it('RFC 9068 4: another service verifies a token with nothing but the published keys', async () => {
      const published = createRemoteJWKSet(new URL(`${app.url}/.well-known/jwks.json`));

      const { payload, protectedHeader } = await jwtVerify(token, published, {
        issuer: 'http://localhost:3000',
        audience: 'latchkey',
        typ: 'at+jwt',
        algorithms: [algorithm],
        requiredClaims: ['iss', 'aud', 'exp', 'sub', 'iat', 'jti'],
      });

      expect(protectedHeader.alg).toBe(algorithm);
      expect(Number(payload.exp) - Number(payload.iat)).toBe(900);
    });
  });
});

function formsOf(key: KeyObject): Record<string, string | Buffer> {
  const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString();
  return {
    'the number d': Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'),
    'PKCS #8': key.export({ format: 'der', type: 'pkcs8' }),
    // Only EC keys have this one.
    ...(key.asymmetricKeyType === 'ec' && { 'SEC 1': key.export({ format: 'der', type: 'sec1' }) }),
    'a line of PEM': pem.split('\n')[1] ?? '',
  };
}
