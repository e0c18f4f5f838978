import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { type TestApp, startTestApp } from '../support/app.js';
import type { Answer, Client } from '../support/client.js';
import { runCommand } from '../support/command.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

jest.setTimeout(60_000);

const OLD_SECRET = 'k3Yp9vQ2mX7tR4wZ8nB6cF1hJ5sD0gLa';
const NEW_SECRET = 'Zt5Ws8Ku1Qn4Xb7Vf0Hm3Gd6Jc9Rp2Ly';

describe('the commands for signing keys', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await killProcesses();
    await database.drop();
  });

  const command = (
    name: string,
    environment: Readonly<Record<string, string>>,
    more?: Parameters<typeof runCommand>[2],
  ) => runCommand(name, { ...database.environment, ...environment }, more);

  const start = (secret: string): Promise<TestApp> =>
    startTestApp({ KEY_ENCRYPTION_SECRET: secret }, database);

  it('seal the keys under a new secret; tokens stay good, and the old secret opens nothing', async () => {
    let app = await start(OLD_SECRET);
    const token = await app.signIn('admin');
    await app.post('/v1/keys/rotate', undefined, { token });
    await app.close();

    const resealed = await command('keys-reseal', {
      KEY_ENCRYPTION_SECRET: OLD_SECRET,
      NEW_KEY_ENCRYPTION_SECRET: NEW_SECRET,
    });
    const withOld = new AppProcess({ ...database.environment, KEY_ENCRYPTION_SECRET: OLD_SECRET });
    const ended = await withOld.ended;
    app = await start(NEW_SECRET);
    const { status } = await app.get('/v1/users/me', { token });
    await app.close();

    expect(resealed.output).toBe(
      '2 keys and 0 second factors are sealed under the new secret: start every process anew with it now.\n' +
        'One that runs with the old secret cannot read a key that is made from now on.\n',
    );
    expect(resealed.errors).toMatch(/^\{.*"audit":"keys-resealed".*\}\n$/);
    expect(ended).toBe(1);
    expect(withOld.errors).toContain('KEY_ENCRYPTION_SECRET is not the one it was stored with');
    expect(status).toBe(200);
  });

  it('read the new secret from standard input where the environment has none', async () => {
    await (await start(OLD_SECRET)).close();

    const { code } = await command(
      'keys-reseal',
      { KEY_ENCRYPTION_SECRET: OLD_SECRET },
      { input: `${NEW_SECRET}\n` },
    );
    const app = await start(NEW_SECRET);
    await app.close();

    expect(code).toBe(0);
  });

  it.each([
    ['is short', 'short', 'The new secret is shorter than 32 bytes'],
    ['is an example', 'change-me-change-me-change-me-change-me', 'The new secret contains a word'],
  ])('refuse a secret that %s', async (_, secret, reason) => {
    const refused = await command('keys-reseal', { NEW_KEY_ENCRYPTION_SECRET: secret });

    expect(refused.code).toBe(1);
    expect(refused.errors.split('\n')).toEqual([expect.stringContaining(reason), '']);
  });

  it('refuse to reseal with another secret than the old one, and leave the keys as they are', async () => {
    await (await start(OLD_SECRET)).close();

    const refused = await command('keys-reseal', {
      KEY_ENCRYPTION_SECRET: NEW_SECRET,
      NEW_KEY_ENCRYPTION_SECRET: NEW_SECRET,
    });
    const app = await start(OLD_SECRET);
    await app.close();

    expect(refused.code).toBe(1);
    expect(refused.errors).toMatch(/^The signing key \S+ in the database cannot be decrypted/);
  });

  it('say what the next key is, and refuse a second one before that signs', async () => {
    const made = await command('keys-rotate', { KEY_ENCRYPTION_SECRET: OLD_SECRET });
    const again = await command('keys-rotate', { KEY_ENCRYPTION_SECRET: OLD_SECRET });

    expect(made.output).toMatch(/^The next key \S+ \(ES256\) is published and signs from \S+Z\.\n$/);
    expect(made.errors).toContain('"audit":"key-rotated"');
    expect(again.code).toBe(1);
    expect(again.errors).toMatch(/^The next key \S+ is waiting and takes over at \S+Z\.\n$/);
  });

  describe('beside a process that goes on with the old secret', () => {
    const EMAIL = 'anybody@example.com';
    let running: AppProcess;
    let client: Client;
    let token: string;
    beforeEach(async () => {
      running = new AppProcess({
        ...database.environment,
        KEY_ENCRYPTION_SECRET: OLD_SECRET,
        LOG_LEVEL: 'error',
      });
      client = await running.listening();
      await register(client, EMAIL);
      token = (await login(client, EMAIL)).body.accessToken;
      await command('keys-reseal', {
        KEY_ENCRYPTION_SECRET: OLD_SECRET,
        NEW_KEY_ENCRYPTION_SECRET: NEW_SECRET,
      });
    });

    const ready = (): Promise<Answer> => client.get('/health/ready');
    const publishedKids = async (): Promise<unknown[]> =>
      (await client.get('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid);
    const complaints = (): number => running.output.split('cannot be opened').length - 1;

    it('retire a leaked key there too, and it says that it cannot sign with the new one', async () => {
      const kid = decodeProtectedHeader(token).kid ?? '';
      const { refreshToken } = (await login(client, EMAIL)).body;
      const before = await ready();

      const retired = await command('keys-retire', { KEY_ENCRYPTION_SECRET: NEW_SECRET }, { words: [kid] });
      await until(async () => (await client.get('/v1/users/me', { token })).status === 401, 10_000);
      const after = await ready();
      const published = await publishedKids();
      const signIn = await login(client, EMAIL);
      const refresh = await client.post('/v1/auth/refresh', { refreshToken });
      await running.stop();
      running = new AppProcess({ ...database.environment, KEY_ENCRYPTION_SECRET: NEW_SECRET });
      client = await running.listening();
      const anew = await client.post('/v1/auth/refresh', { refreshToken });

      expect(retired.output).toContain(
        'Start anew each process that runs with an older KEY_ENCRYPTION_SECRET',
      );
      expect(before.body.checks.keys).toBe('ok');
      expect([after.status, after.body.checks.keys]).toEqual([503, 'failed']);
      expect(published).toEqual([]);
      expect([signIn.status, signIn.body.code]).toEqual([503, 'unavailable']);
      expect([refresh.status, refresh.body.code]).toEqual([503, 'unavailable']);
      expect(anew.status).toBe(200);
    });

    it('rotate keys, which it says once it cannot follow, and signs with the one before until the new one does', async () => {
      const made = await command('keys-rotate', {
        KEY_ENCRYPTION_SECRET: NEW_SECRET,
        KEY_PUBLICATION_LEAD: '15s',
      });
      await until(async () => (await ready()).body.checks.keys === 'degraded', 10_000);
      const { status } = await ready();
      const signIn = await login(client, EMAIL);
      await until(async () => (await ready()).body.checks.keys === 'failed', 20_000);
      const tooLate = await login(client, EMAIL);
      const known = await client.get('/v1/users/me', { token });

      expect(made.code).toBe(0);
      expect(status).toBe(200);
      expect(complaints()).toBe(1);
      expect(decodeProtectedHeader(signIn.body.accessToken).kid).toBe(decodeProtectedHeader(token).kid);
      expect([tooLate.status, tooLate.body.code]).toEqual([503, 'unavailable']);
      expect(known.status).toBe(200);
    });
  });

  it('ask which key to retire, and know when there is none', async () => {
    const without = await command('keys-retire', {});
    const unknown = await command(
      'keys-retire',
      { KEY_ENCRYPTION_SECRET: OLD_SECRET },
      { words: ['nobody'] },
    );

    expect([without.code, unknown.code]).toEqual([1, 1]);
    expect(without.errors).toContain('Usage: npm run keys:retire -- KID');
    expect(unknown.errors).toContain('There is no such key');
  });

  it('stop a start with a file of keys that is no good, and say every fault', async () => {
    const file = join(process.env['TEST_FOLDER'] ?? '', 'broken-keys.json');
    writeFileSync(
      file,
      JSON.stringify({
        keys: [
          { kty: 'OKP', kid: 'a' },
          { kty: 'EC', alg: 'ES256', kid: 'b' },
        ],
      }),
    );

    const app = new AppProcess({ ...database.environment, SIGNING_KEYS_FILE: file });
    const code = await app.ended;

    expect(code).toBe(1);
    expect(app.errors).toBe(
      `SIGNING_KEYS_FILE ${file} cannot be used:\n` +
        '  - Key 1 (a) has no alg that is one of ES256, RS256, PS256, EdDSA, HS256.\n' +
        '  - Key 2 (b) cannot be read as a JWK: a member is missing or damaged.\n' +
        'docs/tokens.md says what it has to hold.\n',
    );
  });

  it('stop a start with a file of keys that is not there', async () => {
    const app = new AppProcess({ ...database.environment, SIGNING_KEYS_FILE: '/nowhere/keys.json' });
    const code = await app.ended;

    expect(code).toBe(1);
    expect(app.errors).toContain('It cannot be read: ENOENT');
  });
});
