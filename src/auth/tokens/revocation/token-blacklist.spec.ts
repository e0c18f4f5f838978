import { Settings } from '../../../config/settings.js';
import { MovableClock } from '../../../time/movable-clock.js';
import type { Revocation } from './revocation.js';
import { TokenBlacklist } from './token-blacklist.js';

const MINUTE = 60_000;
const LIFETIME = 15 * MINUTE;
/** For how long the recorder keeps a revocation: the life of a token and a minute. */
const KEPT = LIFETIME + MINUTE;

const TOKEN = '0c1b5a3e-7f64-4d0a-9d3c-6d1f0f5f2a11';
const SESSION = '01a20b4b-ad7d-7257-9bbf-39ea02dddbb9';
const USER = '01a20b4b-ad7d-7257-9bbf-39ea02dddbba';
const ANOTHER = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

const numbered = (count: number): string => `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`;

describe('the token blacklist', () => {
  let clock: MovableClock;
  let blacklist: TokenBlacklist;
  beforeEach(() => {
    clock = new MovableClock();
    blacklist = new TokenBlacklist(Object.assign(new Settings(), { ACCESS_TOKEN_TTL: 900 }), clock);
  });

  const token = { jti: TOKEN, sid: SESSION, sub: USER, ver: 3 };
  const revoke = (revocation: Partial<Revocation> & { version?: number }): void =>
    blacklist.add({
      reach: 'token',
      subject: ANOTHER,
      expiresAt: clock.now() + KEPT,
      ...revocation,
    } as Revocation);
  const bucketCount = (): number => {
    const revoked: Record<string, { buckets: unknown[] }> = Reflect.get(blacklist, 'revoked');
    return Object.values(revoked).reduce((sum, { buckets }) => sum + buckets.length, 0);
  };

  it('knows of nothing at first', () => {
    expect(blacklist.isRevoked(token)).toBe(false);
    expect(blacklist.size).toBe(0);
  });

  it.each([
    ['the token', { reach: 'token', subject: TOKEN }, true],
    ['its session', { reach: 'session', subject: SESSION }, true],
    ['its user’s versions below 4', { reach: 'user', subject: USER, version: 4 }, true],
    ['its user’s versions below 3', { reach: 'user', subject: USER, version: 3 }, false],
    ['another token', { reach: 'token', subject: ANOTHER }, false],
    ['another session', { reach: 'session', subject: ANOTHER }, false],
    ['another user', { reach: 'user', subject: ANOTHER, version: 99 }, false],
  ] as const)('decides about a token when %s is revoked', (_, revocation, isRevoked) => {
    revoke(revocation);

    expect(blacklist.isRevoked(token)).toBe(isRevoked);
  });

  it('tells ids apart by what they are the id of', () => {
    revoke({ reach: 'session', subject: TOKEN });
    revoke({ reach: 'user', subject: SESSION, version: 99 });
    revoke({ reach: 'token', subject: USER });

    expect(blacklist.isRevoked(token)).toBe(false);
    expect(blacklist.size).toBe(3);
  });

  it('knows an id in capital letters too', () => {
    revoke({ reach: 'session', subject: SESSION });

    expect(blacklist.isRevoked({ ...token, sid: SESSION.toUpperCase() })).toBe(true);
  });

  it('keeps the highest version, in whatever order they come', () => {
    revoke({ reach: 'user', subject: USER, version: 4 });
    revoke({ reach: 'user', subject: USER, version: 2 });

    expect(blacklist.isRevoked(token)).toBe(true);
    expect(blacklist.size).toBe(1);
  });

  it('counts a revocation that comes twice once', () => {
    revoke({ subject: TOKEN });
    revoke({ subject: TOKEN });

    expect(blacklist.size).toBe(1);
  });

  it('takes in nothing that has expired already', () => {
    revoke({ subject: TOKEN, expiresAt: clock.now() });

    expect(blacklist.isRevoked(token)).toBe(false);
    expect(blacklist.size).toBe(0);
  });

  it('refuses a token up to the moment in which the revocation expires', () => {
    revoke({ subject: TOKEN });

    clock.time += KEPT - 1;

    expect(blacklist.isRevoked(token)).toBe(true);
  });

  it('has forgotten a revocation a quarter of a token’s life after it expired', () => {
    revoke({ subject: TOKEN });

    clock.time += KEPT + LIFETIME / 4;

    expect(blacklist.size).toBe(0);
    expect(blacklist.isRevoked(token)).toBe(false);
    expect(bucketCount()).toBe(0);
  });

  it('holds the revocations of little more than one token’s life, in few buckets, however long it runs', () => {
    const sizes: number[] = [];
    const buckets: number[] = [];
    const perMinute = 10;

    for (let count = 0; count < 100 * 15 * perMinute; count++) {
      revoke({ subject: numbered(count) });
      clock.time += MINUTE / perMinute;
      blacklist.isRevoked(token);
      sizes.push(blacklist.size);
      buckets.push(bucketCount());
    }

    // 16 minutes, and at most another quarter of 15 minutes until the bucket goes.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(198);
    expect(Math.max(...buckets)).toBeLessThanOrEqual(6);
  });

  it('holds no more of them where no token is ever looked up', () => {
    for (let count = 0; count < 100; count++) {
      revoke({ subject: numbered(count) });
      clock.time += LIFETIME;
    }

    expect(bucketCount()).toBeLessThanOrEqual(6);
  });

  it('keeps its buckets few where tokens live for one second', () => {
    blacklist = new TokenBlacklist(Object.assign(new Settings(), { ACCESS_TOKEN_TTL: 1 }), clock);

    for (let count = 0; count < 1000; count++) {
      revoke({ subject: numbered(count), expiresAt: clock.now() + 1000 + MINUTE });
      clock.time += 100;
    }

    expect(blacklist.size).toBeLessThanOrEqual(630);
    expect(bucketCount()).toBeLessThanOrEqual(63);
  });

  it('knows that it has forgotten too much once the clock is set back by more than clocks may differ', () => {
    revoke({ subject: TOKEN });
    clock.step(KEPT + LIFETIME);
    const whileAhead = [blacklist.isRevoked(token), blacklist.hasForgottenTooMuch()];

    clock.step(-5000);
    const little = blacklist.hasForgottenTooMuch();
    clock.step(-1);
    const more = blacklist.hasForgottenTooMuch();
    blacklist.startOver();

    expect(whileAhead).toEqual([false, false]);
    expect([little, more, blacklist.hasForgottenTooMuch()]).toEqual([false, true, false]);
  });
});
