import { digestOf, makeOpaqueToken } from '../opaque-token.js';
import { isRefreshToken, sealSuccessor, unsealSuccessor } from './refresh-token.js';

describe('a refresh token', () => {
  it('looks like every opaque token', () => {
    expect(isRefreshToken(makeOpaqueToken())).toBe(true);
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

  it('opens the seal around its own successor, and no other token does', () => {
    const [token, successor, other] = [makeOpaqueToken(), makeOpaqueToken(), makeOpaqueToken()];
    const sealed = sealSuccessor(token, successor);

    expect(unsealSuccessor(token, sealed)).toBe(successor);
    expect(sealed.includes(successor)).toBe(false);
    expect(() => unsealSuccessor(other, sealed)).toThrow('unable to authenticate');
    expect(() => unsealSuccessor(digestOf(token).toString('base64url'), sealed)).toThrow(
      'unable to authenticate',
    );
  });
});
