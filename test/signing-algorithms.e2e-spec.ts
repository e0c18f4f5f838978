import { type JsonWebKey, createPublicKey } from 'node:crypto';
import { createVerifier } from 'fast-jwt';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { type TestApp, startTestApp } from './support/app.js';

const ASYMMETRIC = ['ES256', 'RS256', 'PS256', 'EdDSA'];
const ALGORITHMS = [...ASYMMETRIC, 'HS256'];

describe('signing with', () => {
  describe.each(ALGORITHMS)('%s', (algorithm) => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp({ JWT_ALGORITHM: algorithm });
      await app.register('ada@example.com');
    });
    afterAll(() => app.close());

    // HS256 has no public key.
    if (ASYMMETRIC.includes(algorithm)) {
      it('makes tokens that an RFC 9068 resource server verifies with the published key alone', async () => {
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
      });
    }

    it('makes tokens that are taken again, and refused with a changed claim, signature or algorithm', async () => {
      const signedIn = await app.login('ada@example.com');
      const { body: renewed } = await app.post('/v1/auth/refresh', { refreshToken: signedIn.refreshToken });
      const [header = '', payload = '', signature = ''] = signedIn.accessToken.split('.');
      const admin = Buffer.from(payload, 'base64url').toString().replace('"customer"', '"admin"');
      const flipped = Buffer.from(signature, 'base64url');
      flipped.writeUInt8(flipped.readUInt8(9) ^ 1, 9);
      const others = ALGORITHMS.filter((other) => other !== algorithm);
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
    });
  });

  it('EdDSA makes tokens that fast-jwt verifies, too', async () => {
    const app = await startTestApp({ JWT_ALGORITHM: 'EdDSA' });
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
    await app.close();
  });
});
