import { digestOf, makeOpaqueToken } from './opaque-token.js';

describe('an opaque token', () => {
  it('is 256 random bits in base64url', () => {
    const token = makeOpaqueToken();

    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  it('is never made twice', () => {
    const tokens = new Set(Array.from({ length: 10_000 }, makeOpaqueToken));

    expect(tokens.size).toBe(10_000);
  });

  it('uses every bit: none of them is the same in a thousand tokens', () => {
    const tokens = Array.from({ length: 1000 }, () => Buffer.from(makeOpaqueToken(), 'base64url'));
    const always = tokens.reduce((one, other) => Buffer.from(one.map((byte, at) => byte & (other[at] ?? 0))));
    const ever = tokens.reduce((one, other) => Buffer.from(one.map((byte, at) => byte | (other[at] ?? 0))));

    expect(always.equals(Buffer.alloc(32, 0))).toBe(true);
    expect(ever.equals(Buffer.alloc(32, 0xff))).toBe(true);
  });

  it('is known by a digest of 256 bits, which is another for every token', () => {
    const token = 'A'.repeat(43);

    expect(digestOf(token).toString('hex')).toBe(
      '0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a',
    );
    expect(digestOf('B'.repeat(43)).equals(digestOf(token))).toBe(false);
  });
});
