import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

jest.setTimeout(60_000);

const { DATABASE_URL = '' } = process.env;
const MAX_STALENESS_MS = 2000;

describe('a process that has lost the feed of revocations', () => {
  let database: TestDatabase;
  let name: string;
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    name = new URL(database.environment['DATABASE_URL'] ?? '').pathname.slice(1);
    const environment = { ...database.environment, REVOCATION_MAX_STALENESS: `${MAX_STALENESS_MS / 1000}s` };
    const processes = [new AppProcess(environment), new AppProcess(environment)] as const;
    [one, two] = await Promise.all([processes[0].listening(), processes[1].listening()]);
    await register(one, 'anybody@example.com');
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  const newToken = async (): Promise<string> => (await login(one, 'anybody@example.com')).body.accessToken;
  const statusOf = async (token: string): Promise<number> =>
    (await two.get('/v1/users/me', { token })).status;
  const cutFeeds = async (): Promise<unknown[]> =>
    runSql(
      DATABASE_URL,
      `SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity
       WHERE application_name = 'latchkey revocations' AND datname = '${name}'`,
    );
  const allowConnections = async (isAllowed: boolean): Promise<unknown[]> =>
    runSql(DATABASE_URL, `ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS ${isAllowed}`);

  it('catches up with what it has missed as soon as it is connected again', async () => {
    const token = await newToken();
    const before = await statusOf(token);

    const cut = await cutFeeds();
    const signedOut = await one.post('/v1/auth/logout', undefined, { token });
    await until(async () => (await statusOf(token)) === 401, MAX_STALENESS_MS);
    await until(async () => (await two.get('/health/ready')).status === 200, MAX_STALENESS_MS);

    expect(before).toBe(200);
    expect(cut).toEqual([{ cut: true }, { cut: true }]);
    expect(signedOut.status).toBe(204);
  });

  it('asks the database once its memory is too old, says that it is not ready, and recovers', async () => {
    const [revoked, good] = [await newToken(), await newToken()];
    const before = await statusOf(revoked);

    await allowConnections(false);
    await cutFeeds();
    const signedOut = await one.post('/v1/auth/logout', undefined, { token: revoked });
    await until(async () => (await statusOf(revoked)) === 401, MAX_STALENESS_MS + 500);
    const ready = await two.get('/health/ready');
    const meanwhile = await statusOf(good);
    await allowConnections(true);
    await until(async () => (await two.get('/health/ready')).status === 200, MAX_STALENESS_MS);

    expect(before).toBe(200);
    expect(signedOut.status).toBe(204);
    expect(ready).toMatchObject({ status: 503, body: { checks: { database: 'ok', revocations: 'failed' } } });
    expect(meanwhile).toBe(200);
    expect(await statusOf(revoked)).toBe(401);
    expect(await statusOf(good)).toBe(200);
  });
});
