import { createSecretKey } from 'node:crypto';
import { MovableClock } from '../../time/movable-clock.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import type { KeyRing } from '../tokens/keys/key-ring.js';
import type { VerifyingKey } from '../tokens/keys/ring-key.js';
import { MAX_REMEMBERED, VerifiedTokens } from './verified-tokens.js';

const NOW = 1_800_000_000;

describe('the tokens verified once', () => {
  const secret = createSecretKey(Buffer.alloc(32));
  const keyOf = (kid: string, verifiesUntil: number): VerifyingKey => ({
    kid,
    algorithm: 'HS256',
    verifyingKey: secret,
    verifiesUntil,
  });
  const keys: Readonly<Record<string, VerifyingKey>> = {
    current: keyOf('current', Infinity),
    previous: keyOf('previous', (NOW + 60) * 1000),
  };
  let clock: MovableClock;
  let verified: VerifiedTokens;
  beforeEach(() => {
    clock = new MovableClock(NOW * 1000);
    const ring: Pick<KeyRing, 'find'> = { find: (kid) => keys[kid] };
    // All that is asked of the ring is a key.
    verified = new VerifiedTokens(ring as KeyRing, clock);
  });

  const claims = (exp = NOW + 900): AccessTokenClaims => ({
    iss: 'us',
    aud: 'us',
    sub: 'user',
    sid: 'session',
    jti: 'token',
    iat: NOW,
    exp,
    auth_time: NOW,
    roles: ['customer'],
    ver: 1,
  });

  /** A token of this number; only its header is ever looked at here. */
  function tokenOf(number: number, kid = 'current'): string {
    const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid })).toString('base64url');
    return `${header}.e30.${Buffer.from(String(number)).toString('base64url')}`;
  }

  it('are found again, with their claims', () => {
    const kept = claims();

    verified.remember(tokenOf(1), kept);

    expect(verified.find(tokenOf(1))).toBe(kept);
    expect(verified.find(tokenOf(2))).toBeUndefined();
  });

  it('are not found from the second in which they expire, and forgotten then', () => {
    verified.remember(tokenOf(1), claims(NOW + 10));

    clock.time = (NOW + 9) * 1000;
    const before = verified.find(tokenOf(1));
    clock.time = (NOW + 10) * 1000;
    const after = verified.find(tokenOf(1));

    expect(before).toBeDefined();
    expect(after).toBeUndefined();
    expect(verified.size).toBe(0);
  });

  it('are not found once their key’s time is over', () => {
    verified.remember(tokenOf(1, 'previous'), claims());

    clock.time = (NOW + 59) * 1000;
    const before = verified.find(tokenOf(1, 'previous'));
    clock.time = (NOW + 60) * 1000;
    const after = verified.find(tokenOf(1, 'previous'));

    expect(before).toBeDefined();
    expect(after).toBeUndefined();
  });

  it('are not remembered where the key has left the ring, or there is no header', () => {
    verified.remember(tokenOf(1, 'gone'), claims());
    verified.remember('no token', claims());

    expect(verified.size).toBe(0);
  });

  it('are 50,000 at most: past that, the one unused for longest goes', () => {
    const kept = claims();
    verified.remember(tokenOf(0), kept);
    for (let number = 1; number < MAX_REMEMBERED; number++) {
      verified.remember(tokenOf(number), kept);
    }
    verified.find(tokenOf(0));

    for (let number = 0; number < 1000; number++) {
      verified.remember(tokenOf(MAX_REMEMBERED + number), kept);
    }

    expect(verified.size).toBe(50_000);
    expect(verified.find(tokenOf(0))).toBe(kept);
    expect(verified.find(tokenOf(1))).toBeUndefined();
    expect(verified.find(tokenOf(1000))).toBeUndefined();
    expect(verified.find(tokenOf(1001))).toBe(kept);
    expect(verified.find(tokenOf(50_999))).toBe(kept);
  });
});
