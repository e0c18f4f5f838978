import { AppProcess, PASSWORD, killProcesses, login, register, until } from './support/process.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

jest.setTimeout(60_000);

const SECRET = 'Wm9uZGVybGluZyBvdmVyIHRoZSBtb29u';

describe('a process', () => {
  let database: TestDatabase;
  let environment: Readonly<Record<string, string>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    environment = { ...database.environment, KEY_ENCRYPTION_SECRET: SECRET };
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  describe('that starts', () => {
    it('lists every fault of its settings at once, without what is secret in them, and ends', async () => {
      const app = new AppProcess({
        PORT: 'eighty',
        DATABASE_URL: 'mysql://shop:hush-2718@db.shop.example/shop',
        KEY_ENCRYPTION_SECRET: 'hush-3141',
        ACCESS_TOKEN_TTL: 'soon',
        CORS_ORIGINS: 'https://shop.example,*',
        TRUSTED_PROXIES: 'everyone',
        JWT_ALGORITHM: 'none',
      });

      const exitCode = await app.ended;

      expect(exitCode).toBe(1);
      expect(app.output).toBe('');
      expect(app.errors).not.toContain('hush');
      expect(app.errors.match(/(?<=^ {2}- )\w+/gm)).toEqual([
        'PORT',
        'DATABASE_URL',
        'JWT_ALGORITHM',
        'ACCESS_TOKEN_TTL',
        'KEY_ENCRYPTION_SECRET',
        'CORS_ORIGINS',
        'TRUSTED_PROXIES',
      ]);
    });

    it('refuses in production the embedded database, plain HTTP, example secrets and a made-up issuer', async () => {
      const app = new AppProcess({
        NODE_ENV: 'production',
        KEY_ENCRYPTION_SECRET: 'change-me-change-me-change-me-change-me',
      });

      const exitCode = await app.ended;

      expect(exitCode).toBe(1);
      expect(app.errors).toBe(
        [
          'Latchkey cannot start, these settings are wrong:',
          '  - DATABASE_URL is missing: production needs a PostgreSQL server, the embedded database is for development.',
          '  - JWT_ISSUER is missing: set it to the public address of this API, such as https://api.shop.example.',
          '  - HTTPS is missing: set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXIES to the proxy that ends TLS.',
          '  - KEY_ENCRYPTION_SECRET contains a word that examples and tutorials use; make one with: openssl rand -base64 32',
          '.env.example explains each one.\n',
        ].join('\n'),
      );
    });

    it('ends when the keys in its database were stored with another secret', async () => {
      const before = new AppProcess(environment);
      await before.listening();
      await before.stop();

      const app = new AppProcess({
        ...environment,
        KEY_ENCRYPTION_SECRET: [...SECRET].toReversed().join(''),
      });
      const exitCode = await app.ended;

      expect(exitCode).toBe(1);
      expect(app.errors).toMatch(
        /^The signing key [0-9a-f-]{36} in the database cannot be decrypted: KEY_ENCRYPTION_SECRET is not the one it was stored with\. .*\n$/,
      );
    });

    it('ends with one line when its port is taken', async () => {
      const other = await createTestDatabase();
      const first = new AppProcess(other.environment);
      const { port } = new URL((await first.listening()).url);

      const second = new AppProcess({ ...environment, PORT: port });
      const exitCode = await second.ended;

      expect(exitCode).toBe(1);
      expect(second.errors).toBe(`listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
      await first.stop();
      await other.drop();
    });

    it('ends with one line, and not the password, when its database is away', async () => {
      const app = new AppProcess({
        ...environment,
        DATABASE_URL: 'postgres://shop:hush-2718@127.0.0.1:1/shop',
      });

      const exitCode = await app.ended;

      expect(exitCode).toBe(1);
      expect(app.errors).toBe('connect ECONNREFUSED 127.0.0.1:1\n');
      expect(app.output).not.toContain('hush');
    });
  });

  describe('that runs', () => {
    it('prints no password, token or secret at any level', async () => {
      const app = new AppProcess({ ...environment, LOG_LEVEL: 'trace' });
      const client = await app.listening();
      await register(client, 'quiet@example.com');
      const { body } = await login(client, 'quiet@example.com');
      const refreshed = await client.post('/v1/auth/refresh', { refreshToken: body.refreshToken });
      await client.get(`/v1/users/me?token=${body.refreshToken}`, { token: body.accessToken });
      await client.post('/v1/auth/login', `{"password": "${PASSWORD}"`);

      await app.stop();

      const printed = app.output + app.errors;
      expect(printed).toContain('"path":"/v1/users/me"');
      const secrets = [SECRET, PASSWORD, body.accessToken, body.refreshToken, refreshed.body.refreshToken];
      expect(secrets.filter((secret) => printed.includes(secret))).toEqual([]);
    });
  });

  describe('that is told to stop (SIGTERM)', () => {
    it('goes on listening for a moment, and says that it is not ready', async () => {
      const app = new AppProcess(environment);
      const client = await app.listening();
      let ready = await client.get('/health/ready');

      const stopped = app.stop();
      await until(async () => (ready = await client.get('/health/ready')).status !== 200, 1000);
      const exitCode = await stopped;

      expect(ready.status).toBe(503);
      expect(ready.body).toMatchObject({
        status: 'unavailable',
        checks: { database: 'ok', shutdown: 'failed' },
      });
      expect(exitCode).toBe(0);
    });

    it('answers what has begun, and ends well', async () => {
      const app = new AppProcess(environment);
      const client = await app.listening();
      await register(client, 'begun@example.com');
      const begun = Array.from({ length: 30 }, () => login(client, 'begun@example.com'));
      await Promise.any(begun);

      const stopped = app.stop();
      const answers = await Promise.all(begun);
      const exitCode = await stopped;

      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
      expect(exitCode).toBe(0);
      expect(app.errors).toBe('');
    });
  });
});
