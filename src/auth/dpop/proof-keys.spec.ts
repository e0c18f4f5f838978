import { generateKeyPairSync } from 'node:crypto';
import { MAX_KEYS, ProofKeys } from './proof-keys.js';

// RFC 7638 3.1 and RFC 8037 A.3: keys with their thumbprints.
const RSA = {
  kty: 'RSA',
  n:
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3ok' +
    'njhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6q' +
    'MQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awap' +
    'JzKnqDKgw',
  e: 'AQAB',
};
const ED25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };

describe('the keys of proofs', () => {
  it('have the thumbprints of the RFCs', () => {
    const keys = new ProofKeys();

    expect(keys.read('RS256', { ...RSA, alg: 'RS256', kid: '2011-04-29' })?.jkt).toBe(
      'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    );
    expect(keys.read('EdDSA', ED25519)?.jkt).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('are read once, and refused as before where somebody adds a private part', () => {
    const keys = new ProofKeys();

    const first = keys.read('EdDSA', ED25519);

    expect(keys.read('EdDSA', { ...ED25519, kid: 'x' })).toBe(first);
    expect(keys.read('EdDSA', { ...ED25519, d: ED25519.x })).toBeNull();
    expect(keys.read('ES256', ED25519)).toBeNull();
    expect(keys.size).toBe(1);
  });

  it('are 5,000 at most: past that, the one unused for longest goes', () => {
    const keys = new ProofKeys();
    const jwks = Array.from({ length: MAX_KEYS + 10 }, () =>
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
    );

    const thumbprints = new Set(jwks.map((jwk) => keys.read('ES256', jwk)?.jkt));

    expect(thumbprints.size).toBe(5010);
    expect(keys.size).toBe(5000);
  });
});
