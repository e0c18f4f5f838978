import { checkClaims } from './check-claims.js';

const NOW = 1_800_000_000;
const expectations = { issuer: 'https://api.shop.example', audience: 'latchkey', now: NOW };
const claims = {
  iss: 'https://api.shop.example',
  aud: 'latchkey',
  sub: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11',
  sid: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c12',
  jti: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c13',
  iat: NOW - 10,
  exp: NOW + 890,
  auth_time: NOW - 3600,
  roles: ['customer'],
  ver: 1,
};

describe('the claims of an access token', () => {
  it('are given back where all of them are right', () => {
    expect(checkClaims(claims, expectations)).toEqual({
      iss: 'https://api.shop.example',
      aud: 'latchkey',
      sub: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11',
      sid: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c12',
      jti: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c13',
      iat: 1_799_999_990,
      exp: 1_800_000_890,
      auth_time: 1_799_996_400,
      roles: ['customer'],
      ver: 1,
    });
  });

  it('hold nothing else that the token said', () => {
    const checked = checkClaims({ ...claims, email: 'ada@shop.example', admin: true }, expectations);

    expect(checked).not.toHaveProperty('email');
    expect(checked).not.toHaveProperty('admin');
  });

  it('cannot be changed once they are checked', () => {
    const checked = checkClaims(claims, expectations);

    expect(Object.isFrozen(checked)).toBe(true);
    expect(Object.isFrozen(checked?.roles)).toBe(true);
  });

  it('name us as the one audience, though the token named several', () => {
    const checked = checkClaims({ ...claims, aud: ['another-api', 'latchkey'] }, expectations);

    expect(checked?.aud).toBe('latchkey');
  });

  it.each(['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'auth_time', 'roles', 'ver'])(
    'are refused without %s',
    (name) => {
      expect(checkClaims({ ...claims, [name]: undefined }, expectations)).toBeNull();
      expect(checkClaims({ ...claims, [name]: null }, expectations)).toBeNull();
    },
  );

  it.each([
    ['in the second before it ends', { exp: NOW + 1 }, true],
    ['in the second in which it ends', { exp: NOW }, false],
    ['after its end, leeway or not', { exp: NOW - 1 }, false],
    ['issued 5 s ahead of our clock', { iat: NOW + 5 }, true],
    ['issued 6 s ahead of our clock', { iat: NOW + 6 }, false],
    ['proved 5 s ahead of our clock', { auth_time: NOW + 5 }, true],
    ['proved 6 s ahead of our clock', { auth_time: NOW + 6 }, false],
    ['proved long before it was issued', { auth_time: NOW - 90 * 86_400 }, true],
    ['not valid before 5 s from now', { nbf: NOW + 5 }, true],
    ['not valid before 6 s from now', { nbf: NOW + 6 }, false],
    ['that ends in the year 9999', { exp: 253_402_300_799 }, true],
    ['that ends in the year 10000', { exp: 253_402_300_800 }, false],
  ])('decide about a token %s', (_, change, isGood) => {
    expect(checkClaims({ ...claims, ...change }, expectations) !== null).toBe(isGood);
  });

  it.each(['iat', 'exp', 'auth_time', 'nbf'])(
    'are refused where %s is no whole number of seconds',
    (name) => {
      const values = ['1800000100', -1, 1.5, 1e308, NaN, Infinity, true, [NOW], {}];

      expect(values.map((value) => checkClaims({ ...claims, [name]: value }, expectations))).toEqual(
        values.map(() => null),
      );
    },
  );

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['our issuer in a list', { iss: ['https://api.shop.example'] }],
    ['another audience', { aud: 'another-api' }],
    ['a list of others', { aud: ['another-api'] }],
    ['a list in a list', { aud: [['latchkey']] }],
    ['an id that is no UUID', { sub: 'admin' }],
    ['an id with a line end', { sub: `${claims.sub}\n` }],
    ['a role that is none', { roles: ['customer', 'root'] }],
    ['roles as a text', { roles: 'admin' }],
    ['version 0', { ver: 0 }],
    ['a version as a text', { ver: '1' }],
    ['half a version', { ver: 1.5 }],
  ])('are refused with %s', (_, change) => {
    expect(checkClaims({ ...claims, ...change }, expectations)).toBeNull();
  });

  it.each([null, undefined, 'text', 1, true, [], {}])('are not found in %j', (payload) => {
    expect(checkClaims(payload, expectations)).toBeNull();
  });

  it('hold the key that the token is bound to, and nothing else of `cnf`', () => {
    const checked = checkClaims({ ...claims, cnf: { jkt: 'k'.repeat(43) } }, expectations);

    expect(checked?.cnf).toEqual({ jkt: 'k'.repeat(43) });
    expect(Object.isFrozen(checked?.cnf)).toBe(true);
    expect(checkClaims(claims, expectations)).not.toHaveProperty('cnf');
  });

  it.each([
    null,
    'jkt',
    [],
    {},
    { jkt: 1 },
    { jkt: '' },
    { jkt: 'k'.repeat(42) },
    { jkt: `${'k'.repeat(42)}+` },
    { 'x5t#S256': 'k'.repeat(43) },
    { jkt: 'k'.repeat(43), 'x5t#S256': 'k'.repeat(43) },
  ])('are refused with cnf %j', (cnf) => {
    expect(checkClaims({ ...claims, cnf }, expectations)).toBeNull();
  });

  it('are not taken from what an object inherits', () => {
    const payload: unknown = JSON.parse(
      JSON.stringify({ ...claims, sub: undefined }).replace('{', '{"__proto__":{},'),
    );

    expect(checkClaims(payload, expectations)).toBeNull();
  });
});
