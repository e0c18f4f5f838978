import { PASSWORD, startTestApp } from './support/app.js';
import { runCommand } from './support/command.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';
import { totp } from './support/totp.js';

jest.setTimeout(60_000);

const EMAIL = 'chief@example.com';
const SECRET = 'Q4kQJ3bX0m7nYVtqk2wZc8uHs5rLd9aEoPf';

describe('npm run admin', () => {
  let database: TestDatabase;
  let environment: Record<string, string>;
  beforeAll(async () => {
    database = await createTestDatabase();
    environment = { ...database.environment, KEY_ENCRYPTION_SECRET: SECRET };
  });
  afterAll(() => database.drop());

  const admin = (...words: string[]) => runCommand('admin', environment, { words, input: `${PASSWORD}\n` });

  // The embedded database serves one process: the command runs when the app has closed.
  async function inApp<T>(act: (app: Awaited<ReturnType<typeof startTestApp>>) => Promise<T>): Promise<T> {
    const app = await startTestApp({ KEY_ENCRYPTION_SECRET: SECRET }, database);
    try {
      return await act(app);
    } finally {
      await app.close();
    }
  }

  it('create makes an administrator whose address counts as verified', async () => {
    const { code, output } = await admin('create', '--email', EMAIL, '--name', 'Chief');

    const me = await inApp(async (app) => {
      const { accessToken: token } = await app.login(EMAIL);
      return app.get('/v1/users/me', { token });
    });

    expect([code, output]).toEqual([0, expect.stringContaining(`Administrator ${EMAIL} made`)]);
    expect(me.body).toMatchObject({
      displayName: 'Chief',
      emailVerified: true,
      roles: ['customer', 'admin'],
    });
  });

  it('remove-second-factor lets in again who has lost it', async () => {
    const locked = await inApp(async (app) => {
      const { accessToken: token } = await app.login(EMAIL);
      const { secret } = (await app.post('/v1/auth/mfa/totp', undefined, { token })).body;
      const code = totp(secret, app.clock.seconds());
      await app.post('/v1/auth/mfa/totp/confirm', { code }, { token });
      return app.post('/v1/auth/login', { email: EMAIL, password: PASSWORD });
    });

    const { code, output } = await admin('remove-second-factor', '--email', EMAIL.toUpperCase());
    const signedIn = await inApp((app) => app.post('/v1/auth/login', { email: EMAIL, password: PASSWORD }));

    expect(locked.body.code).toBe('mfa-required');
    expect([code, output]).toEqual([0, `${EMAIL} signs in without a second factor now.\n`]);
    expect(signedIn.status).toBe(200);
  });

  it.each([
    ['no address', ['create'], 'Usage:'],
    ['an address that is none', ['create', '--email', 'not-an-address'], '/email must be an email'],
    ['an address with a blank', ['create', '--email', 'a b@example.com'], '/email must be an email'],
    ['an act that nobody knows', ['promote', '--email', EMAIL], 'Usage:'],
    ['nobody', ['remove-second-factor', '--email', 'nobody@example.com'], 'There is no account'],
  ])('says what is wrong with %s, and ends', async (_, words, reason) => {
    const { code, errors } = await admin(...words);

    expect([code, errors]).toEqual([1, expect.stringContaining(reason)]);
  });
});
