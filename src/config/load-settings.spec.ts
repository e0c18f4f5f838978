import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError, loadSettings } from './load-settings.js';

const SECRET = 'k3Yp9vQ2mX7tR4wZ8nB6cF1hJ5sD0gLa';

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadSettings({ KEY_ENCRYPTION_SECRET: SECRET, ...environment });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.faults;
    }
    throw error;
  }
}

describe('loadSettings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes secrets for development, keeps them, and lets only the owner read them', () => {
    const first = loadSettings({ DATA_DIR: folder });
    const second = loadSettings({ DATA_DIR: folder });

    expect(first.KEY_ENCRYPTION_SECRET).toHaveLength(44);
    expect(second.KEY_ENCRYPTION_SECRET).toBe(first.KEY_ENCRYPTION_SECRET);
    expect(statSync(join(folder, 'development-secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('reads numbers, durations, switches and lists', () => {
    const settings = loadSettings({
      KEY_ENCRYPTION_SECRET: SECRET,
      PORT: '8080',
      ACCESS_TOKEN_TTL: '5m',
      REFRESH_TOKEN_TTL: '3600',
      MIGRATE_ON_START: 'off',
      CORS_ORIGINS: 'https://a.test, https://b.test',
    });

    expect(settings).toMatchObject({
      PORT: 8080,
      ACCESS_TOKEN_TTL: 300,
      REFRESH_TOKEN_TTL: 3600,
      MIGRATE_ON_START: false,
      CORS_ORIGINS: ['https://a.test', 'https://b.test'],
    });
  });

  it('takes a blank value as none', () => {
    const settings = loadSettings({ KEY_ENCRYPTION_SECRET: SECRET, PORT: '', DATABASE_URL: ' ' });

    expect(settings.PORT).toBe(3000);
    expect(settings.DATABASE_URL).toBeUndefined();
  });

  it('lists every fault at once', () => {
    const faults = faultsOf({ PORT: 'http', JWT_ALGORITHM: 'none', THROTTLE_LIMIT: '0', CORS_ORIGINS: '*' });

    expect(faults).toEqual([
      'PORT must be a whole number from 0 to 65535.',
      'JWT_ALGORITHM must be one of ES256, RS256, PS256, EdDSA, HS256.',
      'CORS_ORIGINS must be a comma-separated list of origins such as https://shop.example, without a path and never *.',
      'THROTTLE_LIMIT must be a whole number from 1 to 10000000, or up to five limits with different windows of at most a day, such as 20/s,600/m,20000/h.',
    ]);
  });

  it.each([
    ['NODE_ENV', 'staging'],
    ['DATABASE_URL', 'mysql://x/y'],
    ['REPLICA_MAX_LAG', '0'],
    ['REPLICA_MAX_LAG', '2d'],
    ['REDIS_URL', 'http://x'],
    ['ACCESS_TOKEN_TTL', '15 minutes'],
    ['ACCESS_TOKEN_TTL', '0'],
    ['ACCESS_TOKEN_TTL', '-5'],
    ['KEY_ROTATION_INTERVAL', 'monthly'],
    ['KEY_PUBLICATION_LEAD', '1s'],
    ['KEY_ENCRYPTION_SECRET', 'short'],
    ['CORS_ORIGINS', 'https://shop.example/path'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'proxy.internal'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '10.0.0.0/1e1'],
    ['HEADERS_TIMEOUT', '1m'],
    ['REQUEST_TIMEOUT', '30d'],
    ['REVOCATION_MAX_STALENESS', '75d'],
    ['REVOCATION_MAX_STALENESS', '86401'],
    ['MIGRATE_ON_START', 'maybe'],
    ['LOG_LEVEL', 'loud'],
    ['TLS_CERT_FILE', 'cert.pem'],
    ['JWT_SECRET', SECRET],
    ['MAIL_URL', 'mail.shop.example'],
    ['MAIL_URL', 'http://mail.shop.example'],
    ['MAIL_URL', 'smtp://'],
    ['MAIL_URL', 'smtp://mail.shop.example?debug=true&logger=true'],
    ['MAIL_URL', 'smtp://shop:100%@mail.shop.example'],
    ['MAIL_FROM', 'the shop'],
    ['MAIL_FROM', 'a@shop.example, b@shop.example'],
    ['PASSWORD_RESET_URL', '/reset-password'],
    ['PASSWORD_RESET_URL', 'javascript:alert(1)'],
    ['PASSWORD_RESET_URL', 'https://shop.example/#/reset'],
    ['EMAIL_VERIFICATION_URL', 'verify'],
    ['EMAIL_VERIFICATION', 'sometimes'],
    ['THROTTLE_RESET_LIMIT', '0'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it.each([
    ['shorter than 256 bits', 'tooshort'],
    ['an example', 'change-me-change-me-change-me-change-me'],
    ['a repetition', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    ['a dictionary word', 'correct-password-correct-password-77'],
  ])('RFC 8725 3.5: refuses an HS256 secret that is %s', (_, secret) => {
    expect(faultsOf({ JWT_ALGORITHM: 'HS256', JWT_SECRET: secret })).toContainEqual(
      expect.stringContaining('JWT_SECRET'),
    );
  });

  it('takes a strong HS256 secret', () => {
    expect(faultsOf({ JWT_ALGORITHM: 'HS256', JWT_SECRET: SECRET })).toEqual([]);
  });

  it('refuses an HS256 secret beside a file of keys, which would make two of them', () => {
    const faults = faultsOf({ JWT_ALGORITHM: 'HS256', JWT_SECRET: SECRET, SIGNING_KEYS_FILE: 'keys.json' });

    expect(faults).toEqual([expect.stringContaining('JWT_SECRET and SIGNING_KEYS_FILE exclude each other')]);
  });

  it.each([
    'localhost:5433',
    'postgres://a/shop, mysql://b/shop',
    'postgres:///shop',
    'postgres://a:%zz@b/shop',
    'postgres://a/shop?options=-cjit=on',
  ])('refuses the replicas %s', (urls) => {
    expect(faultsOf({ DATABASE_URL: 'postgres://p/shop', DATABASE_REPLICA_URLS: urls })).toEqual([
      'DATABASE_REPLICA_URLS must be a comma-separated list of postgres://user:password@host:5432/database, ' +
        'with %2C for a comma in a password, and without options.',
    ]);
  });

  it('refuses replicas without the server that they are of', () => {
    const replicas = { DATABASE_REPLICA_URLS: 'postgres://a/shop, postgres://b/shop' };

    expect(faultsOf(replicas)).toEqual([
      expect.stringMatching(/^DATABASE_REPLICA_URLS needs DATABASE_URL: /),
    ]);
    expect(
      loadSettings({ KEY_ENCRYPTION_SECRET: SECRET, DATABASE_URL: 'postgres://p/shop', ...replicas }),
    ).toMatchObject({
      DATABASE_REPLICA_URLS: ['postgres://a/shop', 'postgres://b/shop'],
      REPLICA_MAX_LAG: 10,
    });
  });

  it('takes 0 as no rotation by schedule', () => {
    expect(loadSettings({ KEY_ENCRYPTION_SECRET: SECRET, KEY_ROTATION_INTERVAL: '0' })).toMatchObject({
      KEY_ROTATION_INTERVAL: 0,
    });
  });

  it('refuses a damaged file of development secrets rather than make new ones', () => {
    loadSettings({ DATA_DIR: folder });
    const file = join(folder, 'development-secrets.json');
    writeFileSync(file, '{}');

    expect(() => loadSettings({ DATA_DIR: folder })).toThrow('is damaged');
  });
});
