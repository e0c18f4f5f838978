import { makeTotpSecret, totpStepOf, base32Of, totpUri } from './totp.js';

// RFC 6238, appendix B, of whose eight digits authenticator apps show the last six.
const RFC_SECRET = Buffer.from('12345678901234567890');

describe('time-based codes', () => {
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_111_111_111, '050471', 37_037_037],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
    [20_000_000_000, '353130', 666_666_666],
  ])('RFC 6238 B: at %s s the code is %s', (seconds, code, step) => {
    expect(totpStepOf(RFC_SECRET, code, seconds * 1000)).toBe(step);
  });

  it('may be typed as some apps show them', () => {
    expect(totpStepOf(RFC_SECRET, '050 471', 1_111_111_111_000)).toBe(37_037_037);
  });

  it('are taken one step before and after their own, and no further', () => {
    const around = [-2, -1, 0, 1, 2].map((steps) =>
      totpStepOf(RFC_SECRET, '050471', (1_111_111_111 + 30 * steps) * 1000),
    );

    expect(around).toEqual([null, 37_037_037, 37_037_037, 37_037_037, null]);
  });

  it.each(['', '0', '05047', '0050471', '50471 ', 'abcdef', '٠٥٠٤٧١', '-50471', '0x1234'])(
    'are not %j',
    (code) => {
      expect(totpStepOf(RFC_SECRET, code, 1_111_111_111_000)).toBeNull();
    },
  );

  it('are of a secret of 160 bits, each time another', () => {
    const secrets = Array.from({ length: 100 }, makeTotpSecret);

    expect(new Set(secrets.map(base32Of)).size).toBe(100);
    expect(secrets.every((secret) => secret.length === 20)).toBe(true);
    expect(base32Of(RFC_SECRET)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  });

  it('have an address in which nothing of the label is taken for something else', () => {
    const uri = totpUri(RFC_SECRET, 'shop.example:8443', 'a&secret=x@example.com');

    expect(new URL(uri).searchParams.get('secret')).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(decodeURIComponent(new URL(uri).pathname)).toBe('/shop.example:8443:a&secret=x@example.com');
  });
});
