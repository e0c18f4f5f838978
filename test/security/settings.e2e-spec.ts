import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError, loadSettings } from '../../src/config/load-settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** All that production asks for. */
const production = {
  NODE_ENV: 'production',
  DATA_DIR: mkdtempSync(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'settings-')),
  DATABASE_URL: 'postgres://latchkey@db.internal:5432/latchkey',
  JWT_ISSUER: 'https://api.shop.example',
  TRUSTED_PROXIES: '10.0.0.0/8',
  KEY_ENCRYPTION_SECRET: randomBytes(32).toString('base64'),
};
const hs256 = { NODE_ENV: 'test', DATA_DIR: production.DATA_DIR, JWT_ALGORITHM: 'HS256' };

/** What is wrong with an environment; nothing where the app starts with it. */
function faultsOf(environment: Environment): readonly string[] {
  try {
    loadSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.faults;
    }
    throw error;
  }
}

describe('settings that are not safe', () => {
  it('ASVS 13: production starts with real secrets, HTTPS and a server database', () => {
    expect(faultsOf(production)).toEqual([]);
  });

  it.each([
    ['no database server', { DATABASE_URL: undefined }, 'DATABASE_URL'],
    ['no issuer', { JWT_ISSUER: undefined }, 'JWT_ISSUER'],
    ['neither a certificate nor a trusted proxy', { TRUSTED_PROXIES: undefined }, 'HTTPS'],
    ['no secret to encrypt keys with', { KEY_ENCRYPTION_SECRET: undefined }, 'KEY_ENCRYPTION_SECRET'],
    ['a secret of 31 bytes', { KEY_ENCRYPTION_SECRET: 'k7Qz'.repeat(7) + 'x9P' }, 'KEY_ENCRYPTION_SECRET'],
    [
      'the secret of an example',
      { KEY_ENCRYPTION_SECRET: 'change-me-change-me-change-me-0123' },
      'KEY_ENCRYPTION_SECRET',
    ],
    ['a secret that repeats itself', { KEY_ENCRYPTION_SECRET: 'aB3$'.repeat(12) }, 'KEY_ENCRYPTION_SECRET'],
    ['any origin allowed', { CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
    ['the origin null allowed', { CORS_ORIGINS: 'null' }, 'CORS_ORIGINS'],
    ['every proxy trusted by a word', { TRUSTED_PROXIES: 'true' }, 'TRUSTED_PROXIES'],
  ])('ASVS 13: production refuses to start with %s', (_, change: Environment, name) => {
    const faults = faultsOf({ ...production, ...change });

    expect(faults.length).toBeGreaterThan(0);
    expect(faults.filter((fault) => !fault.includes(name))).toEqual([]);
  });

  it('ASVS 13.4.5: production serves no Swagger UI unless it is asked to', () => {
    const settings = [loadSettings(production), loadSettings({ ...production, SWAGGER_UI: 'true' })];

    expect(settings.map(({ SWAGGER_UI }) => SWAGGER_UI)).toEqual([false, true]);
  });

  it.each([
    ['an empty one', ' '.repeat(40), false],
    ['one of 31 bytes', randomBytes(23).toString('base64url'), true],
    ['“secret”', 'secret', true],
    ['a long one made of a dictionary word', 'my-very-long-secret-for-all-the-tokens-99', true],
    ['the one of jwt.io', 'your-256-bit-secret-your-256-bit-secret', true],
    ['the one of jwt.io since 2025', 'a-string-secret-at-least-256-bits-long', true],
    ['the name of this software', 'Latchkey-Latchkey-Latchkey-0123456789', true],
    ['a row of the keyboard', 'qwertyuiopasdfghjklzxcvbnm0987654321', true],
    ['one letter', 'x'.repeat(64), true],
    ['a word twice over', 'correcthorse'.repeat(4), true],
    ['32 random bytes', randomBytes(32).toString('base64url'), false],
  ])(
    'RFC 8725 3.5: an HS256 secret that is %s stops the start, unless it is good',
    (_, secret, isRefused) => {
      const faults = faultsOf({ ...hs256, JWT_SECRET: secret });

      expect(faults.length > 0).toBe(isRefused);
      expect(faults.every((fault) => fault.startsWith('JWT_SECRET'))).toBe(true);
    },
  );

  it('ASVS 16.2.5: never repeats a secret in the message that refuses it', () => {
    const secret = 'my-very-long-secret-for-all-the-tokens-99';

    const faults = faultsOf({ ...hs256, JWT_SECRET: secret, KEY_ENCRYPTION_SECRET: 'too-short-canary' });

    expect(faults.length).toBeGreaterThan(1);
    expect(faults.join()).not.toContain(secret);
    expect(faults.join()).not.toContain('canary');
  });

  it.each(['none', 'HS384', 'HS1', 'RS1', 'hs256', 'ES256K'])(
    'RFC 8725 3.2: offers no algorithm %s',
    (algorithm) => {
      const faults = faultsOf({ ...hs256, JWT_ALGORITHM: algorithm });

      expect(faults).toEqual([expect.stringContaining('JWT_ALGORITHM')]);
    },
  );
});
