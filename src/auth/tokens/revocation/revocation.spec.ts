import { parseRevocations } from './revocation.js';

const SUBJECT = '01a20b4b-ad7d-7257-9bbf-39ea02dddbb9';
const SESSION = { reach: 'session', subject: SUBJECT, expiresAt: 1_800_000_000_000 };
const USER = { reach: 'user', subject: SUBJECT, version: 3, expiresAt: 1_800_000_000_000 };

describe('a list of revocations in JSON', () => {
  it('is read back', () => {
    expect(parseRevocations(JSON.stringify([SESSION, USER]))).toEqual([SESSION, USER]);
  });

  it.each([
    ['no JSON', 'not JSON'],
    ['nothing', ''],
    ['cut off', JSON.stringify([SESSION]).slice(0, -5)],
    ['no list', JSON.stringify(SESSION)],
    ['a list with nothing in it', '[null]'],
    ['of an unknown reach', JSON.stringify([{ ...SESSION, reach: 'toString' }])],
    ['about no UUID', JSON.stringify([{ ...SESSION, subject: 'x'.repeat(36) }])],
    ['without an end', JSON.stringify([{ ...SESSION, expiresAt: null }])],
    ['with an end that is no time', JSON.stringify([{ ...SESSION, expiresAt: 1e308 }])],
    ['without a version where one is needed', JSON.stringify([{ ...USER, version: undefined }])],
    ['with a version that no column holds', JSON.stringify([{ ...USER, version: 2 ** 31 }])],
    ['good but for its last', JSON.stringify([SESSION, { ...SESSION, subject: 1 }])],
  ])('is refused when it is %s', (_, text) => {
    expect(() => parseRevocations(text)).toThrow(Error);
  });
});
