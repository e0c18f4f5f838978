import { dictionary } from '@zxcvbn-ts/language-common';
import { Problem } from '../../http/problem.js';
import { checkPassword, passwordFault } from './password-policy.js';

const ada = { email: 'countess@lovelace.example', displayName: 'Ada King Noel' };

describe('the password policy', () => {
  it.each([
    ['7 characters', 'x7$kQ2!', false],
    ['8 characters', 'x7$kQ2!p', true],
    ['128 characters', 'x7$kQ2!p'.repeat(16), true],
    ['129 characters', `${'x7$kQ2!p'.repeat(16)}x`, false],
    ['7 emoji, 14 units of UTF-16', '😀😁😂🤣😃😄😅', false],
    ['8 emoji', '😀😁😂🤣😃😄😅😆', true],
    ['128 emoji, 256 units of UTF-16', '😀😁😂🤣😃😄😅😆'.repeat(16), true],
    ['129 emoji', `${'😀😁😂🤣😃😄😅😆'.repeat(16)}😀`, false],
    ['nothing', '', false],
  ])('counts code points: %s', (_, password, isGood) => {
    expect(passwordFault(password, ada) === null).toBe(isGood);
  });

  it.each([
    'qhzvtkwm',
    'QHZVTKWM',
    '83920174',
    '        x',
    '!§$%&/()',
    'пароль-на-сегодня',
    'a\tb\tc\td\te',
  ])('asks for no composition: %j', (password) => {
    expect(passwordFault(password, ada)).toBeNull();
  });

  it.each(['password', 'PassWord', 'trustno1', '1234567890', 'qwertyuiop', 'iloveyou'])(
    'refuses %s, which everybody uses',
    (password) => {
      expect(passwordFault(password, ada)).toBe('is one of the most common passwords; choose another');
    },
  );

  it('knows more than 3,000 common passwords of eight characters and more (ASVS 6.2.4)', () => {
    const common = dictionary['passwords-common'].map(String).filter((word) => word.length >= 8);

    const allowed = common.filter((password) => passwordFault(password, { email: 'a@b.example' }) === null);

    expect(common.length).toBeGreaterThan(3000);
    expect(allowed).toEqual([]);
  });

  it.each([
    ['the name of the service', 'xLATCHKEYx-2026'],
    ['the address', 'my countess@lovelace.example!'],
    ['the address in capitals', 'COUNTESS@LOVELACE.EXAMPLE'],
    ['the address before the @', 'thecountess99'],
    ['a part of the name', 'noel-noel-noel'],
    ['another part of the name', 'kingkingking'],
  ])('refuses %s', (_, password) => {
    expect(passwordFault(password, ada)).toBe(
      'must not contain the name of this service, your name or your address',
    );
  });

  it('overlooks words of three letters, which are in good passwords by chance', () => {
    expect(passwordFault('a canada goose', ada)).toBeNull();
  });

  it('needs no name', () => {
    expect(passwordFault('correct horse battery', { email: 'a@b.example', displayName: null })).toBeNull();
    expect(passwordFault('correct horse battery', { email: 'a@b.example' })).toBeNull();
  });

  it('takes a password exactly as typed: it does not trim, fold or normalise before it counts', () => {
    expect(passwordFault('   x   ', ada)).toBe('must be 8 to 128 characters long');
    expect(passwordFault('   x    ', ada)).toBeNull();
    expect(passwordFault('e\u0301'.repeat(4), ada)).toBeNull();
    expect(passwordFault('\u00e9'.repeat(4), ada)).not.toBeNull();
  });

  it('says where the fault is', () => {
    const refused = catchProblem(() => checkPassword('short', ada, '/newPassword'));

    expect(refused.code).toBe('validation-failed');
    expect(refused.errors).toEqual([{ pointer: '/newPassword', detail: 'must be 8 to 128 characters long' }]);
  });

  it('says nothing about a good password', () => {
    expect(() => checkPassword('correct horse battery', ada, '/password')).not.toThrow();
  });
});

function catchProblem(work: () => void): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) {
      return error;
    }
    throw error;
  }
  throw new Error('nothing was thrown');
}
