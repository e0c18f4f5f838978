import { randomUUID } from 'node:crypto';
import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

jest.setTimeout(60_000);

/** The longest that a revocation may take to reach another process, in milliseconds. */
const AT_ONCE_MS = 1000;

describe('two processes on one PostgreSQL and one Redis', () => {
  let database: TestDatabase;
  let processes: AppProcess[];
  let one: Client;
  let two: Client;
  let admin: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    await start();
    admin = (await signInAs('admin@example.com', 'admin')).token;
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  async function start(): Promise<void> {
    const environment = { ...database.environment, THROTTLE_ACCOUNT_LIMIT: '20' };
    const [first, second] = [new AppProcess(environment), new AppProcess(environment)];
    processes = [first, second];
    [one, two] = await Promise.all([first.listening(), second.listening()]);
  }

  async function sql(statement: string): Promise<unknown[]> {
    return runSql(database.environment['DATABASE_URL'] ?? '', statement);
  }

  /** Makes an account and signs it in, on the first process. */
  async function signInAs(
    email: string,
    role: string = 'customer',
  ): Promise<{ id: string; token: string; refreshToken: string; sessionId: string }> {
    const { body } = await register(one, email);
    await sql(
      `UPDATE users SET roles = array_remove(ARRAY['customer', '${role}'], NULL) WHERE id = '${body.id}'`,
    );
    const { body: tokens } = await login(one, email);
    return { id: body.id, token: tokens.accessToken, ...tokens };
  }

  const letsIn = async (client: Client, token: string): Promise<boolean> =>
    (await client.get('/v1/users/me', { token })).status === 200;

  it('sign out of both at once', async () => {
    const { token } = await signInAs('out@example.com');
    const before = await letsIn(two, token);

    const signedOut = await one.post('/v1/auth/logout', undefined, { token });
    const there = await until(async () => !(await letsIn(two, token)), AT_ONCE_MS);

    expect(before).toBe(true);
    expect(signedOut.status).toBe(204);
    expect(await letsIn(one, token)).toBe(false);
    expect(there).toBeLessThan(AT_ONCE_MS);
  });

  it('take a role away on both at once, and give tokens without it from then on', async () => {
    const { id, token, refreshToken } = await signInAs('demoted@example.com', 'admin');
    const before = await two.get('/v1/users', { token });

    const changed = await one.patch(`/v1/users/${id}`, { roles: ['customer'] }, { token: admin });
    await until(async () => (await two.get('/v1/users', { token })).status === 401, AT_ONCE_MS);
    const { body: renewed } = await two.post('/v1/auth/refresh', { refreshToken });
    const after = await two.get('/v1/users', { token: renewed.accessToken });

    expect(before.status).toBe(200);
    expect(changed.body.roles).toEqual(['customer']);
    expect(after.status).toBe(403);
    expect(await letsIn(two, renewed.accessToken)).toBe(true);
  });

  it('shut a disabled account out of both at once', async () => {
    const { id, token, refreshToken } = await signInAs('disabled@example.com');
    const before = await letsIn(two, token);

    await one.patch(`/v1/users/${id}`, { status: 'disabled' }, { token: admin });
    await until(async () => !(await letsIn(two, token)), AT_ONCE_MS);
    const renewed = await two.post('/v1/auth/refresh', { refreshToken });
    const signedIn = await login(two, 'disabled@example.com');

    expect(before).toBe(true);
    expect(renewed.status).toBe(401);
    expect(signedIn.status).toBe(401);
  });

  it('give everybody who refreshes with one token at once the one rotation', async () => {
    const { refreshToken, sessionId } = await signInAs('tabs@example.com');

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? one : two).post('/v1/auth/refresh', { refreshToken }),
      ),
    );

    const rows = await sql(
      `SELECT count(*)::integer AS tokens, count(used_at)::integer AS used FROM refresh_tokens
       WHERE session_id = '${sessionId}'`,
    );
    const [session] = await sql(`SELECT ended_at FROM sessions WHERE id = '${sessionId}'`);
    const entries = await Promise.all(answers.map(({ body }) => letsIn(two, body.accessToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect(rows).toEqual([{ tokens: 2, used: 1 }]);
    expect(session).toEqual({ ended_at: null });
    expect(entries).toEqual(Array.from({ length: 50 }, () => true));
  });

  it('count attempts on one account together', async () => {
    // Redis outlives this run.
    const email = `guessed-${randomUUID()}@example.com`;

    const attempts = await Promise.all(
      Array.from({ length: 30 }, (_, index) => login(index % 2 === 0 ? one : two, email)),
    );

    const statuses = attempts.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });

  it('go on refusing what was taken back after all of them have started anew (ASVS 7.4.1)', async () => {
    const gone = await signInAs('gone@example.com');
    const stays = await signInAs('stays@example.com');
    await one.post('/v1/auth/logout', undefined, { token: gone.token });

    await Promise.all(processes.map((app) => app.stop()));
    await start();

    expect(await Promise.all([one, two].map((client) => letsIn(client, gone.token)))).toEqual([false, false]);
    expect(await Promise.all([one, two].map((client) => letsIn(client, stays.token)))).toEqual([true, true]);
  });
});
