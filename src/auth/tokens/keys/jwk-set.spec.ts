import { type JsonWebKey, type KeyPairKeyObjectResult, generateKeyPairSync, randomBytes } from 'node:crypto';
import { parseJwkSet } from './jwk-set.js';

const privateJwk = ({ privateKey }: KeyPairKeyObjectResult): JsonWebKey =>
  privateKey.export({ format: 'jwk' });
const publicJwk = ({ publicKey }: KeyPairKeyObjectResult): JsonWebKey => publicKey.export({ format: 'jwk' });

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weakRsa = generateKeyPairSync('rsa', { modulusLength: 2040 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const otherEc = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secret = randomBytes(32).toString('base64url');

const good = { ...privateJwk(ec), kid: 'good', alg: 'ES256' };
const asText = (...keys: unknown[]): string => JSON.stringify({ keys });

describe('a file of signing keys', () => {
  it('gives its keys in order: of each algorithm, with a private part or without', () => {
    const { keys, faults } = parseJwkSet(
      asText(
        { ...good, use: 'sig' },
        { ...privateJwk(ed), kid: 'ed', alg: 'EdDSA' },
        { ...privateJwk(rsa), kid: 'rs', alg: 'RS256' },
        { ...publicJwk(rsa), kid: 'ps', alg: 'PS256' },
        { kty: 'oct', k: secret, kid: 'hs', alg: 'HS256' },
      ),
    );

    expect(faults).toEqual([]);
    expect(keys.map(({ kid, algorithm }) => [kid, algorithm])).toEqual([
      ['good', 'ES256'],
      ['ed', 'EdDSA'],
      ['rs', 'RS256'],
      ['ps', 'PS256'],
      ['hs', 'HS256'],
    ]);
    expect(keys.map((key) => key.open().signingKey !== undefined)).toEqual([true, true, true, false, true]);
    expect(keys.map((key) => key.open().verifyingKey.type)).toEqual([
      'public',
      'public',
      'public',
      'public',
      'secret',
    ]);
  });

  it.each([
    ['an empty text', ''],
    ['broken JSON', '{'],
    ['a bare key', JSON.stringify(good)],
    ['a list', JSON.stringify([good])],
    ['no key', asText()],
    ['null', 'null'],
  ])('is refused when it is %s', (_, text) => {
    expect(parseJwkSet(text).faults).toEqual(['It is not a JWK Set: {"keys": [...]} with one key at least.']);
  });

  it.each<[string, unknown, string]>([
    ['is no object', 'key', 'is not a JSON object'],
    ['is null', null, 'is not a JSON object'],
    ['has no kid', { ...good, kid: undefined }, 'has no kid of 1 to 100 characters'],
    [
      'has a kid that no token may have',
      { ...good, kid: 'k'.repeat(101) },
      'has no kid of 1 to 100 characters',
    ],
    ['has no alg', { ...good, alg: undefined }, '(good) has no alg that is one of ES256'],
    ['names alg none', { ...good, alg: 'none' }, '(good) has no alg that is one of ES256'],
    ['is for encryption', { ...good, use: 'enc' }, '(good) is not for signing'],
    ['is of another kind', { ...good, alg: 'EdDSA' }, '(good) is not an Ed25519 key'],
    [
      'is on another curve',
      { ...privateJwk(p384), kid: 'k', alg: 'ES256' },
      '(k) is not an EC key on the curve P-256',
    ],
    [
      'is RSA of 2040 bits',
      { ...privateJwk(weakRsa), kid: 'k', alg: 'PS256' },
      '(k) is not an RSA key of 2048 bits',
    ],
    [
      'is a short secret',
      { kty: 'oct', k: secret.slice(0, 42), kid: 'k', alg: 'HS256' },
      '(k) is not a secret of 256 bits',
    ],
    [
      'is a known secret',
      {
        kty: 'oct',
        k: Buffer.from('change-me-change-me-change-me-change-me').toString('base64url'),
        kid: 'k',
        alg: 'HS256',
      },
      '(k) contains a word',
    ],
    [
      'is a public key called a secret',
      { ...publicJwk(rsa), kid: 'k', alg: 'HS256' },
      '(k) cannot be read as a JWK',
    ],
    ['lacks a member', { ...good, x: undefined }, '(good) cannot be read as a JWK'],
    ['has a number for a text', { ...good, d: 12_345_678 }, '(good) cannot be read as a JWK'],
    [
      'has the private part of another',
      { ...good, d: privateJwk(otherEc).d },
      '(good) has a private and a public part that do not belong together',
    ],
    [
      'has the public part of another',
      { ...privateJwk(ed), x: publicJwk(ec).x, kid: 'k', alg: 'EdDSA' },
      '(k) has a private and a public part that do not belong together',
    ],
  ])('is refused when a key %s, without quoting it', (_, key, fault) => {
    const { faults } = parseJwkSet(asText({ ...good, kid: 'first' }, key));

    expect(faults).toEqual([expect.stringContaining(`Key 2 ${fault}`)]);
    expect(faults.join('')).not.toContain(good.d);
    expect(faults.join('')).not.toContain('12345678');
  });

  it('is refused when the first key cannot sign, or two have one kid, and says both', () => {
    const first = { ...publicJwk(ec), kid: 'same', alg: 'ES256' };

    const { faults } = parseJwkSet(asText(first, { ...good, kid: 'same' }));

    expect(faults).toEqual([
      'Two keys have the same kid.',
      'Key 1 has no private part: the first key signs.',
    ]);
  });
});
