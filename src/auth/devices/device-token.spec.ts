import { randomBytes } from 'node:crypto';
import { isGivenFor, makeDeviceToken, readDeviceToken } from './device-token.js';

const key = randomBytes(32);
const fresh = { now: 1_800_000_000, maxAge: 1000 };
const password = { userId: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11', setAt: new Date(1_700_000_000_123) };

describe('a device token', () => {
  it('is read again for the address that it was made for', () => {
    const token = makeDeviceToken(key, 'one', password, 1_800_000_000);

    expect(readDeviceToken(key, 'one', token, fresh)?.id).toMatch(/^[\w-]{22}$/);
  });

  it('keeps its id when it is made anew', () => {
    const id = 'A'.repeat(22);

    const token = makeDeviceToken(key, 'one', password, 1_800_000_000, id);

    expect(readDeviceToken(key, 'one', token, fresh)?.id).toBe(id);
  });

  it('is another each time it is made for a new browser', () => {
    expect(makeDeviceToken(key, 'one', password, 1)).not.toBe(makeDeviceToken(key, 'one', password, 1));
  });

  it('is nothing for another address, or under another key', () => {
    const token = makeDeviceToken(key, 'one', password, 1_800_000_000);

    expect(readDeviceToken(key, 'two', token, fresh)).toBeUndefined();
    expect(readDeviceToken(randomBytes(32), 'one', token, fresh)).toBeUndefined();
  });

  it('is given for one password of one account', () => {
    const token = makeDeviceToken(key, 'one', password, 1_800_000_000);
    const sent = readDeviceToken(key, 'one', token, fresh) ?? { id: '', passwordMac: '' };

    expect(isGivenFor(key, sent, { ...password })).toBe(true);
    expect(isGivenFor(key, sent, { ...password, setAt: new Date(1_700_000_000_124) })).toBe(false);
    expect(isGivenFor(key, sent, { ...password, userId: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c12' })).toBe(
      false,
    );
  });

  it('cannot be moved to another password', () => {
    const [id, givenAt, , mac] = makeDeviceToken(key, 'one', password, 1_800_000_000).split('.');
    const later = { ...password, setAt: new Date(1_700_000_000_124) };
    const [, , passwordMac] = makeDeviceToken(key, 'two', later, 1_800_000_000).split('.');

    const moved = readDeviceToken(key, 'one', `${id}.${givenAt}.${passwordMac}.${mac}`, fresh);

    expect(moved).toBeUndefined();
  });

  it('is nothing once it is too old', () => {
    const token = makeDeviceToken(key, 'one', password, 1_799_999_000);

    expect(readDeviceToken(key, 'one', token, fresh)).toBeUndefined();
    expect(readDeviceToken(key, 'one', token, { ...fresh, now: 1_799_999_999 })).toBeDefined();
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['too few parts', `${'A'.repeat(22)}.1.${'A'.repeat(43)}`],
    ['a short MAC', `${'A'.repeat(22)}.1.${'A'.repeat(43)}.${'A'.repeat(42)}`],
    ['a wrong MAC', `${'A'.repeat(22)}.1.${'A'.repeat(43)}.${'A'.repeat(43)}`],
    ['no number', `${'A'.repeat(22)}.1e9.${'A'.repeat(43)}.${'A'.repeat(43)}`],
  ])('is none of ours: %s', (_what, token) => {
    expect(readDeviceToken(key, 'one', token, fresh)).toBeUndefined();
  });
});
