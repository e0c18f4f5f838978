import { loadSettings } from './load-settings.js';

const SECRET = 'k3Yp9vQ2mX7tR4wZ8nB6cF1hJ5sD0gLa';

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://shop@db.internal/shop',
  KEY_ENCRYPTION_SECRET: SECRET,
  JWT_ISSUER: 'https://api.shop.test',
  TRUSTED_PROXIES: '10.0.0.0/8',
};

describe('production', () => {
  it('starts in production with real secrets, HTTPS and a database server', () => {
    const settings = loadSettings(production);

    expect(settings.isProduction).toBe(true);
    expect(settings.servesHttps).toBe(true);
    expect(settings.SWAGGER_UI).toBe(false);
    expect(loadSettings({ ...production, SWAGGER_UI: 'true' }).SWAGGER_UI).toBe(true);
  });

  it.each(['DATABASE_URL', 'KEY_ENCRYPTION_SECRET', 'JWT_ISSUER', 'TRUSTED_PROXIES'])(
    'refuses production without %s',
    (name) => {
      const environment: Record<string, string> = { ...production, [name]: '' };

      expect(() => loadSettings(environment)).toThrow(name);
    },
  );

  it('starts in production without mail, and with it once the sender and the pages are named', () => {
    const mail = { ...production, MAIL_URL: 'smtp://mail.shop.test' };

    expect(loadSettings(production).MAIL_URL).toBeUndefined();
    expect(() => loadSettings(mail)).toThrow(
      /MAIL_FROM is missing[^]*PASSWORD_RESET_URL is missing[^]*EMAIL_VERIFICATION_URL is missing/,
    );
    expect(
      loadSettings({
        ...mail,
        MAIL_FROM: 'a@shop.test',
        PASSWORD_RESET_URL: 'https://shop.test/reset',
        EMAIL_VERIFICATION_URL: 'https://shop.test/verify',
      }),
    ).toMatchObject({ MAIL_URL: 'smtp://mail.shop.test' });
  });

  it('does not start in production where addresses have to be verified and no mail can be sent', () => {
    expect(() => loadSettings({ ...production, EMAIL_VERIFICATION: 'required' })).toThrow(
      'MAIL_URL is missing: with EMAIL_VERIFICATION=required',
    );
  });

  it.each(['change-me-change-me-change-me-change-me', 'example-key-encryption-secret-000000'])(
    'refuses the example secret %s in production',
    (secret) => {
      expect(() => loadSettings({ ...production, KEY_ENCRYPTION_SECRET: secret })).toThrow(
        'KEY_ENCRYPTION_SECRET',
      );
      expect(() => loadSettings({ ...production, METRICS_TOKEN: secret })).toThrow('METRICS_TOKEN');
    },
  );
});
