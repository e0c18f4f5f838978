import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import type { Client } from '../support/client.js';
import { type ReceivedMail, mailsIn, resetTokenIn } from '../support/mailbox.js';
import { AppProcess, PASSWORD, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

jest.setTimeout(60_000);

const NEW_PASSWORD = 'a tall ship and a star';
const AT_ONCE_MS = 1000;
const MAIL_MS = 10_000;

describe('a password reset with two processes on one PostgreSQL', () => {
  let database: TestDatabase;
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    const [first, second] = [new AppProcess(database.environment), new AppProcess(database.environment)];
    [one, two] = await Promise.all([first.listening(), second.listening()]);
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  /** Asks one process for a new password, and waits for the mail. */
  async function askForToken(email: string): Promise<string> {
    await one.post('/v1/auth/password/forgot', { email });
    const folder = join(database.environment['DATA_DIR'] ?? '', 'mail');
    const mails = (): ReceivedMail[] =>
      existsSync(folder)
        ? mailsIn(folder).filter(({ to, subject }) => to === email && subject === 'Set a new password')
        : [];
    await until(() => mails().some(({ text }) => text.endsWith('\n')), MAIL_MS);
    return resetTokenIn(mails().at(-1));
  }

  it('on one of them takes every live token back on the other (ASVS 7.4.3)', async () => {
    const email = `${randomUUID()}@example.com`;
    await register(one, email);
    const { accessToken: token } = (await login(one, email)).body;
    const before = await two.get('/v1/users/me', { token });

    const done = await one.post('/v1/auth/password/reset', {
      token: await askForToken(email),
      newPassword: NEW_PASSWORD,
    });
    const took = await until(
      async () => (await two.get('/v1/users/me', { token })).status === 401,
      AT_ONCE_MS,
    );

    expect([before.status, done.status]).toEqual([200, 204]);
    expect(took).toBeLessThan(AT_ONCE_MS);
    expect((await one.get('/v1/users/me', { token })).status).toBe(401);
  });

  it('is won by one of 20 who come to both of them at once with one token', async () => {
    const email = `${randomUUID()}@example.com`;
    await register(one, email);
    const token = await askForToken(email);

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : two).post('/v1/auth/password/reset', { token, newPassword: NEW_PASSWORD }),
      ),
    );

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array(19).fill(401)]);
  });
});

describe('production without a mail server', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  it('starts, warns once, and says of a forgotten password that it cannot be reset', async () => {
    const app = new AppProcess({
      ...database.environment,
      NODE_ENV: 'production',
      KEY_ENCRYPTION_SECRET: randomBytes(32).toString('base64'),
      JWT_ISSUER: 'https://api.shop.test',
      TRUSTED_PROXIES: '127.0.0.1/32',
    });
    const client = await app.listening();
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
    await client.post('/v1/auth/register', { email: 'ada@example.com', password: PASSWORD }, { headers });

    const answers = [
      await client.post('/v1/auth/password/forgot', { email: 'ada@example.com' }, { headers }),
      await client.post('/v1/auth/password/forgot', { email: 'nobody@example.com' }, { headers }),
    ];

    expect(answers.map(({ status, body }) => [status, body.code, body.detail])).toEqual(
      answers.map(() => [503, 'unavailable', 'This server sends no mail, so this cannot be done here.']),
    );
    expect(app.output.match(/MAIL_URL is not set/g)).toHaveLength(1);
    expect(existsSync(join(database.environment['DATA_DIR'] ?? '', 'mail'))).toBe(false);
  });
});
