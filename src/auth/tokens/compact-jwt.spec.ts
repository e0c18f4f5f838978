import { MAX_TOKEN_LENGTH, isKeysOwnAlgorithm, readAccessTokenHeader } from './compact-jwt.js';

const header = { alg: 'ES256', typ: 'at+jwt', kid: 'one' };

/** A token of these parts, each a value (written as JSON) or the text itself; the signature says nothing. */
function tokenOf(first: unknown, second: unknown = { sub: 'x' }): string {
  const encode = (part: unknown) =>
    Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
  return `${encode(first)}.${encode(second)}.c2ln`;
}

describe('the header of a JWT in compact form', () => {
  it('is read from a token that can be ours', () => {
    expect(readAccessTokenHeader(tokenOf(header))).toEqual({ alg: 'ES256', kid: 'one' });
  });

  it('gives nothing of a key that the token brings along', () => {
    const token = tokenOf({
      ...header,
      jwk: { kty: 'oct' },
      jku: 'https://evil.example',
      x5c: ['x'],
      x5u: 'y',
    });

    expect(readAccessTokenHeader(token)).toEqual({ alg: 'ES256', kid: 'one' });
  });

  it('is read from spaced JSON, too', () => {
    expect(readAccessTokenHeader(tokenOf(JSON.stringify(header, null, 2)))).toEqual({
      alg: 'ES256',
      kid: 'one',
    });
  });

  it.each([
    '',
    '.',
    '..',
    'e30',
    'e30.e30',
    'e30.e30.c2ln.c2ln',
    `${tokenOf(header)}.`,
    tokenOf(header).replace(/c2ln$/, ''),
    tokenOf(header).replace(/c2ln$/, 'c2lnMQ=='),
    tokenOf(header).replace(/c2ln$/, 'c2l!'),
    tokenOf(header).replace(/c2ln$/, 'c2 ln'),
    tokenOf(header).replace(/c2ln$/, 'c2lnMR'),
    `${tokenOf(header)}\n`,
  ])('is not read from the shape %j', (token) => {
    expect(readAccessTokenHeader(token)).toBeNull();
  });

  it.each([
    ['alg missing', { alg: undefined }],
    ['alg a list', { alg: ['ES256'] }],
    ['kid missing', { kid: undefined }],
    ['kid a number', { kid: 1 }],
    ['kid of 101 letters', { kid: 'k'.repeat(101) }],
    ['typ missing', { typ: undefined }],
    ['typ JWT', { typ: 'JWT' }],
    ['typ of a refresh token', { typ: 'rt+jwt' }],
    ['typ with more around it', { typ: 'xat+jwtx' }],
    ['typ a list', { typ: ['at+jwt'] }],
    ['crit', { crit: ['exp'] }],
    ['crit empty', { crit: [] }],
  ])('is not read with %s', (_, change) => {
    expect(readAccessTokenHeader(tokenOf({ ...header, ...change }))).toBeNull();
  });

  it.each(['AT+JWT', 'application/at+jwt'])('is read with typ %s (RFC 9068 4)', (typ) => {
    expect(readAccessTokenHeader(tokenOf({ ...header, typ }))).toEqual({ alg: 'ES256', kid: 'one' });
  });

  it.each([
    '',
    'null',
    '[]',
    '"text"',
    '1',
    '{',
    '{"a":1}}',
    '{"a":1,"a":1}',
    '{"a":{"b":1,"b":2}}',
    '\uFEFF {"a" :',
  ])('is not read where header or payload is %j', (part) => {
    expect(readAccessTokenHeader(tokenOf(part))).toBeNull();
    expect(readAccessTokenHeader(tokenOf(header, part))).toBeNull();
  });

  it.each([
    ['the same length', '{"a":1e18,"sub":"xxxxxx","sub":"yyyyyy"}'],
    ['an escape', String.raw`{"\u0073ub":"x","sub":"y"}`],
    ['spaces', '{ "sub" : "x" ,  "sub" : "y" }'],
  ])('is not read where a claim comes twice, disguised by %s (RFC 7519 4)', (_, payload) => {
    expect(readAccessTokenHeader(tokenOf(header, payload))).toBeNull();
  });

  it('is not read where the payload is not UTF-8', () => {
    const payload = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url');

    expect(readAccessTokenHeader(tokenOf(header).replace(/\.[^.]+\./, `.${payload}.`))).toBeNull();
  });

  it('is read from a token of 8,192 bytes, and not of one more', () => {
    const rest = MAX_TOKEN_LENGTH - tokenOf(header, '').length;
    const longest = tokenOf(header, `{"a":"${'x'.repeat((rest * 3) / 4 - 8)}"}`);

    expect(longest).toHaveLength(8192);
    expect(readAccessTokenHeader(longest)).not.toBeNull();
    expect(readAccessTokenHeader(`${longest}AAAA`)).toBeNull();
  });

  it.each(['none', 'HS256', 'es256', 'ES384', ''])('is not of an ES256 key when it names %j', (alg) => {
    expect(isKeysOwnAlgorithm({ alg, kid: 'one' }, 'ES256')).toBe(false);
    expect(isKeysOwnAlgorithm({ alg: 'ES256', kid: 'one' }, 'ES256')).toBe(true);
  });
});
