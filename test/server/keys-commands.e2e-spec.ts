import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestApp, startTestApp } from '../support/app.js';
import { runCommand } from '../support/command.js';
import { AppProcess, killProcesses } from '../support/process.js';
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
      '2 keys and 0 second factors are sealed under the new secret: start every process with it now.\n',
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
