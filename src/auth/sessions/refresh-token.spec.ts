import {
  digestOf,
  isRefreshToken,
  makeRefreshToken,
  sealSuccessor,
  unsealSuccessor,
} from './refresh-token.js';

describe('a refresh token', () => {
  it('is 256 random bits in base64url', () => {
    const token = makeRefreshToken();

    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  it('is never made twice', () => {
    const tokens = new Set(Array.from({ length: 10_000 }, makeRefreshToken));

    expect(tokens.size).toBe(10_000);
  });

  it('uses every bit: none of them is the same in a thousand tokens', () => {
    const tokens = Array.from({ length: 1000 }, () => Buffer.from(makeRefreshToken(), 'base64url'));
    const always = tokens.reduce((one, other) => Buffer.from(one.map((byte, at) => byte & (other[at] ?? 0))));
    const ever = tokens.reduce((one, other) => Buffer.from(one.map((byte, at) => byte | (other[at] ?? 0))));

    expect(always.equals(Buffer.alloc(32, 0))).toBe(true);
    expect(ever.equals(Buffer.alloc(32, 0xff))).toBe(true);
  });

  it.each([
    '',
    'x'.repeat(42),
    'x'.repeat(44),
    `${'x'.repeat(42)}=`,
    `${'x'.repeat(42)}+`,
    `${'x'.repeat(43)}\n`,
  ])('is not %j', (text) => {
    expect(isRefreshToken(text)).toBe(false);
  });

  it('is known by a digest of 256 bits, which is another for every token', () => {
    const token = 'A'.repeat(43);

    expect(isRefreshToken(token)).toBe(true);
    expect(digestOf(token).toString('hex')).toBe(
      '0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a',
    );
    expect(digestOf('B'.repeat(43)).equals(digestOf(token))).toBe(false);
  });

  it('opens the seal around its own successor, and no other token does', () => {
    const [token, successor, other] = [makeRefreshToken(), makeRefreshToken(), makeRefreshToken()];
    const sealed = sealSuccessor(token, successor);

    expect(unsealSuccessor(token, sealed)).toBe(successor);
    expect(sealed.includes(successor)).toBe(false);
    expect(() => unsealSuccessor(other, sealed)).toThrow('unable to authenticate');
    expect(() => unsealSuccessor(digestOf(token).toString('base64url'), sealed)).toThrow(
      'unable to authenticate',
    );
  });
});
