import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';
import { KeyRing } from '../../src/auth/tokens/keys/key-ring.js';
import type { RingKey } from '../../src/auth/tokens/keys/ring-key.js';
import { type TestApp, startTestApp } from '../support/app.js';
import { encodePart, partsOf, signToken, signWithSecret } from './support/crafted-token.js';
import { inBatches } from './support/in-batches.js';

describe('the signature of an access token', () => {
  let app: TestApp;
  let token: string;
  let key: RingKey;
  beforeAll(async () => {
    app = await startTestApp();
    token = await app.signIn('customer');
    key = app.nest.get(KeyRing).signingKey();
  });
  afterAll(() => app.close());

  const statusOf = async (sent: string): Promise<number> =>
    (await app.get('/v1/users/me', { token: sent })).status;

  it('RFC 7515 5.2: accepts what our key has signed, so that the refusals below mean something', async () => {
    const { header, payload } = partsOf(token);
    const resigned = signToken(header, payload, key.signingKey);

    const statuses = [await statusOf(token), await statusOf(resigned)];

    expect(header['alg']).toBe('ES256');
    expect(statuses).toEqual([200, 200]);
  });

  it.each(['none', 'None', 'NONE', 'nOnE', 'none ', ''])(
    'RFC 8725 3.1: refuses alg %j, with an empty signature and with the right one',
    async (alg) => {
      const { header, payload } = partsOf(token);
      const unsigned = `${encodePart({ ...header, alg })}.${encodePart(payload)}.`;
      const signed = signToken({ ...header, alg }, payload, key.signingKey);

      const statuses = [await statusOf(unsigned), await statusOf(signed)];

      expect(statuses).toEqual([401, 401]);
    },
  );

  it.each([
    ['no signature', ([header, payload]: string[]) => `${header}.${payload}`],
    ['an empty signature', ([header, payload]: string[]) => `${header}.${payload}.`],
    ['an empty header', ([, payload, signature]: string[]) => `.${payload}.${signature}`],
    ['an empty payload', ([header, , signature]: string[]) => `${header}..${signature}`],
    ['a payload alone', ([, payload]: string[]) => `${payload}`],
    ['dots alone', () => '..'],
  ])('RFC 7515 5.2: refuses a token with %s', async (_, rebuild) => {
    const broken = rebuild(token.split('.'));

    const status = await statusOf(broken);

    expect(status).toBe(401);
  });

  it.each([
    ['PEM', (publicKey: KeyObject) => publicKey.export({ format: 'pem', type: 'spki' })],
    ['PEM without its last line end', (publicKey: KeyObject) => pemOf(publicKey).trim()],
    ['DER', (publicKey: KeyObject) => publicKey.export({ format: 'der', type: 'spki' })],
    ['JWK text', (publicKey: KeyObject) => JSON.stringify(publicKey.export({ format: 'jwk' }))],
    ['JWK text as published', () => JSON.stringify(app.nest.get(KeyRing).publicKeys()[0])],
    ['JWK coordinate x', (publicKey: KeyObject) => publicKey.export({ format: 'jwk' }).x ?? ''],
  ])('RFC 8725 3.1: refuses HS256 with the public key as secret, written as %s', async (_, write) => {
    const { header, payload } = partsOf(token);
    const confused = signWithSecret({ ...header, alg: 'HS256' }, payload, write(key.verifyingKey));

    const status = await statusOf(confused);

    expect(status).toBe(401);
  });

  it.each(['ES384', 'ES512', 'RS256', 'PS256', 'HS256', 'EdDSA', 'es256', 'ES256 '])(
    'ASVS 9.1.2: refuses alg %j over a signature of our ES256 key',
    async (alg) => {
      const { header, payload } = partsOf(token);
      const renamed = signToken({ ...header, alg }, payload, key.signingKey);

      const status = await statusOf(renamed);

      expect(status).toBe(401);
    },
  );

  it('RFC 7515 5.2: refuses the signature of another key under our kid', async () => {
    const { header, payload } = partsOf(token);
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = signToken(header, payload, stranger.privateKey);

    const status = await statusOf(forged);

    expect(status).toBe(401);
  });

  it('RFC 7515 5.2: refuses the signature of another token', async () => {
    const other = (await app.login('customer@example.com')).accessToken;
    const swapped = [...token.split('.').slice(0, 2), other.split('.')[2]].join('.');

    const status = await statusOf(swapped);

    expect(status).toBe(401);
  });

  it.each([
    ['all zeros (CVE-2022-21449)', Buffer.alloc(64)],
    ['all ones', Buffer.alloc(64, 0xff)],
    ['of 63 bytes', Buffer.alloc(63, 1)],
    ['of 65 bytes', Buffer.alloc(65, 1)],
    ['of one byte', Buffer.alloc(1, 1)],
    ['of 4,000 bytes', Buffer.alloc(4000, 1)],
  ])('RFC 7518 3.4: refuses a signature that is %s', async (_, signature) => {
    const forged = [...token.split('.').slice(0, 2), signature.toString('base64url')].join('.');

    const status = await statusOf(forged);

    expect(status).toBe(401);
  });

  it('RFC 7518 3.4: refuses a right signature in ASN.1 instead of the plain 64 bytes', async () => {
    const input = token.split('.').slice(0, 2).join('.');
    const signature = sign('sha256', Buffer.from(input), { key: key.signingKey, dsaEncoding: 'der' });

    const status = await statusOf(`${input}.${signature.toString('base64url')}`);

    expect(status).toBe(401);
  });

  it('RFC 8725 3.3: refuses one flipped bit in any byte of header, payload or signature', async () => {
    const flipped = token.split('.').flatMap((part, index) => {
      const bytes = Buffer.from(part, 'base64url');
      return [...bytes.keys()].map((position) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(bytes.readUInt8(position) ^ (1 << (position % 8)), position);
        return token.split('.').with(index, changed.toString('base64url')).join('.');
      });
    });

    const statuses = await inBatches(flipped, statusOf);

    expect(flipped.length).toBeGreaterThan(300);
    expect(new Set(statuses)).toEqual(new Set([401]));
  });
});

function pemOf(publicKey: KeyObject): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}
