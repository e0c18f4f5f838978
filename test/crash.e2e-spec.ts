import { isNativeError } from 'node:util/types';
import type { DataSource } from 'typeorm';
import { digestOf } from '../src/auth/opaque-token.js';
import { loadSettings } from '../src/config/load-settings.js';
import { openDataSource } from '../src/database/open-data-source.js';
import type { Client } from './support/client.js';
import { AppProcess, killProcesses, login, register, until } from './support/process.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

jest.setTimeout(60_000);

const ROUNDS = 2;

/** What the clients were told before the process died. */
const acknowledged = {
  accounts: [] as string[],
  openTokens: [] as string[],
  signedOutTokens: [] as string[],
  refreshTokens: [] as string[],
  surprises: [] as string[],
};

describe('a process that is killed (kill -9) while it writes', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    for (let round = 1; round <= ROUNDS; round++) {
      await writeAndKill(database.environment, round);
    }
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  describe('after its next start', () => {
    let client: Client;
    beforeAll(async () => {
      client = await new AppProcess(database.environment).listening();
    });
    afterAll(killProcesses);

    it('had answered nothing but successes', () => {
      expect(acknowledged.surprises).toEqual([]);
    });

    it('knows every account that it had acknowledged, password and all', async () => {
      const answers = await Promise.all(acknowledged.accounts.map((email) => login(client, email)));

      expect(answers.length).toBeGreaterThanOrEqual(ROUNDS * 10);
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    });

    it('lets in every session that it had acknowledged', async () => {
      const statuses = await statusesOf(client, acknowledged.openTokens);

      expect(statuses).toEqual(acknowledged.openTokens.map(() => 200));
    });

    it('refuses every session whose end it had acknowledged', async () => {
      const statuses = await statusesOf(client, acknowledged.signedOutTokens);

      expect(statuses.length).toBeGreaterThanOrEqual(ROUNDS);
      expect(statuses).toEqual(acknowledged.signedOutTokens.map(() => 401));
    });
  });

  describe('in its database', () => {
    let dataSource: DataSource;
    beforeAll(async () => {
      dataSource = await openDataSource(loadSettings({ NODE_ENV: 'test', ...database.environment }));
    });
    afterAll(() => dataSource?.destroy());

    it('has every refresh token that it had acknowledged', async () => {
      const rows: { digest: Buffer }[] = await dataSource.query('SELECT digest FROM refresh_tokens');
      const kept = new Set(rows.map(({ digest }) => digest.toString('hex')));

      const lost = acknowledged.refreshTokens.filter((token) => !kept.has(digestOf(token).toString('hex')));

      expect(acknowledged.refreshTokens.length).toBeGreaterThanOrEqual(ROUNDS * 10);
      expect(lost).toEqual([]);
    });

    it.each([
      [
        'account without a password',
        'SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM password_credentials)',
      ],
      [
        'session without exactly one unused refresh token',
        `SELECT sessions.id FROM sessions
         LEFT JOIN refresh_tokens ON session_id = sessions.id AND used_at IS NULL
         GROUP BY sessions.id HAVING count(session_id) <> 1`,
      ],
      [
        'ended session without the revocation of its access tokens',
        `SELECT id FROM sessions
         WHERE ended_at IS NOT NULL AND id NOT IN (SELECT subject FROM revocations WHERE reach = 'session')`,
      ],
      [
        'revocation of a session that goes on',
        `SELECT id FROM sessions
         WHERE ended_at IS NULL AND id IN (SELECT subject FROM revocations WHERE reach = 'session')`,
      ],
    ])('has no %s', async (_, sql) => {
      const halfDone: unknown[] = await dataSource.query(sql);

      expect(halfDone).toEqual([]);
    });
  });
});

async function statusesOf(client: Client, tokens: readonly string[]): Promise<number[]> {
  const answers = await Promise.all(tokens.map((token) => client.get('/v1/users/me', { token })));
  return answers.map(({ status }) => status);
}

async function writeAndKill(environment: TestDatabase['environment'], round: number): Promise<void> {
  const process = new AppProcess(environment);
  const client = await process.listening();
  const known = { accounts: acknowledged.accounts.length, rotations: acknowledged.refreshTokens.length };
  const writers = [1, 2, 3, 4].flatMap((number) => [
    untilCut(() => comeAndGo(client, `${round}-${number}`)),
    untilCut(() => rotate(client, `${round}-${number}-rotating`)),
  ]);
  await until(
    () =>
      acknowledged.accounts.length >= known.accounts + 20 &&
      acknowledged.refreshTokens.length >= known.rotations + 50,
    20_000,
  );
  await process.kill();
  await Promise.all(writers);
}

/** Registers and signs in one account after the other, and signs every other one out. */
async function comeAndGo(client: Client, name: string): Promise<void> {
  for (let number = 0; ; number++) {
    const token = await newSession(client, `${name}-${number}@example.com`);
    if (number % 2 === 1) {
      const { status } = await client.post('/v1/auth/logout', undefined, { token: token.accessToken });
      note(status === 204, `signing out: ${status}`);
      acknowledged.signedOutTokens.push(token.accessToken);
    } else {
      acknowledged.openTokens.push(token.accessToken);
    }
  }
}

/** Renews the tokens of one session again and again. */
async function rotate(client: Client, name: string): Promise<void> {
  let { refreshToken } = await newSession(client, `${name}@example.com`);
  for (;;) {
    acknowledged.refreshTokens.push(refreshToken);
    const { status, body } = await client.post('/v1/auth/refresh', { refreshToken });
    note(status === 200, `refreshing: ${status}`);
    refreshToken = body.refreshToken;
  }
}

async function newSession(
  client: Client,
  email: string,
): Promise<{ accessToken: string; refreshToken: string }> {
  const registered = await register(client, email);
  note(registered.status === 201, `registering: ${registered.status}`);
  acknowledged.accounts.push(email);
  const signedIn = await login(client, email);
  note(signedIn.status === 200, `signing in: ${signedIn.status}`);
  return signedIn.body;
}

function note(isExpected: boolean, surprise: string): void {
  if (!isExpected) {
    acknowledged.surprises.push(surprise);
  }
}

/** Goes on until the connection breaks, which is how a client sees the crash. */
async function untilCut(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isNativeError(error) || error.name !== 'TypeError') {
      throw error;
    }
  }
}
