import { randomBytes } from 'node:crypto';
import { makeDeviceToken, readDeviceToken } from './device-token.js';

const key = randomBytes(32);
const fresh = { now: 1_800_000_000, maxAge: 1000 };

describe('a device token', () => {
  it('is read again for the account that it was made for', () => {
    const token = makeDeviceToken(key, 'one', 1_800_000_000);

    expect(readDeviceToken(key, 'one', token, fresh)).toMatch(/^[\w-]{22}$/);
  });

  it('keeps its id when it is made anew', () => {
    const id = 'A'.repeat(22);

    expect(readDeviceToken(key, 'one', makeDeviceToken(key, 'one', 1_800_000_000, id), fresh)).toBe(id);
  });

  it('is another each time it is made for a new browser', () => {
    expect(makeDeviceToken(key, 'one', 1)).not.toBe(makeDeviceToken(key, 'one', 1));
  });

  it('is nothing to another account, or under another key', () => {
    const token = makeDeviceToken(key, 'one', 1_800_000_000);

    expect(readDeviceToken(key, 'two', token, fresh)).toBeUndefined();
    expect(readDeviceToken(randomBytes(32), 'one', token, fresh)).toBeUndefined();
  });

  it('is nothing once it is too old', () => {
    const token = makeDeviceToken(key, 'one', 1_799_999_000);

    expect(readDeviceToken(key, 'one', token, fresh)).toBeUndefined();
    expect(readDeviceToken(key, 'one', token, { ...fresh, now: 1_799_999_999 })).toBeDefined();
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['too few parts', `${'A'.repeat(22)}.1`],
    ['a short MAC', `${'A'.repeat(22)}.1.${'A'.repeat(42)}`],
    ['a wrong MAC', `${'A'.repeat(22)}.1.${'A'.repeat(43)}`],
    ['no number', `${'A'.repeat(22)}.1e9.${'A'.repeat(43)}`],
  ])('is none of ours: %s', (_what, token) => {
    expect(readDeviceToken(key, 'one', token, fresh)).toBeUndefined();
  });
});
