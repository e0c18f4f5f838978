import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { SilenceableProxy } from '../support/silenceable-proxy.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

jest.setTimeout(60_000);

const MAX_STALENESS_MS = 3000;

describe('a process whose connections to PostgreSQL are open, and silent', () => {
  let database: TestDatabase;
  let proxy: SilenceableProxy;
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await SilenceableProxy.start(database.environment['DATABASE_URL'] ?? '');
    const environment = {
      ...database.environment,
      REVOCATION_MAX_STALENESS: `${MAX_STALENESS_MS / 1000}s`,
      LOG_LEVEL: 'error',
    };
    const processes = [
      new AppProcess(environment),
      new AppProcess({ ...environment, DATABASE_URL: proxy.url }),
    ] as const;
    [one, two] = await Promise.all([processes[0].listening(), processes[1].listening()]);
    await register(one, 'anybody@example.com');
  });
  afterAll(async () => {
    await killProcesses();
    await proxy.close();
    await database.drop();
  });

  const newToken = async (): Promise<string> => (await login(one, 'anybody@example.com')).body.accessToken;
  /** A customer's token is looked at, and then refused for its role (403) without asking the database anything. */
  const statusOf = async (token: string): Promise<number> => (await two.get('/v1/users', { token })).status;
  const isReady = async (): Promise<boolean> => (await two.get('/health/ready')).status === 200;

  it('finds out within the bound that its feed is silent, and connects anew', async () => {
    const token = await newToken();
    const before = await statusOf(token);

    const silenced = proxy.silence('latchkey revocations');
    await one.post('/v1/auth/logout', undefined, { token });
    await until(async () => (await statusOf(token)) === 401, MAX_STALENESS_MS);
    await until(isReady, MAX_STALENESS_MS);
    const next = await newToken();
    await one.post('/v1/auth/logout', undefined, { token: next });
    await until(async () => (await statusOf(next)) === 401, 1000);

    expect(before).toBe(403);
    expect(silenced).toBe(1);
  });

  it('lets nobody in after the bound where all of them are silent, says so, and recovers', async () => {
    const [revoked, good] = [await newToken(), await newToken()];
    const before = [await statusOf(revoked), await statusOf(good)];

    proxy.silenceAll();
    await one.post('/v1/auth/logout', undefined, { token: revoked });
    // The last of them waits for the database, in vain.
    await until(async () => (await statusOf(good)) !== 403, MAX_STALENESS_MS + 2500);
    const meanwhile = await Promise.all([statusOf(revoked), statusOf(good)]);
    const ready = await two.get('/health/ready');
    proxy.endSilence();
    await until(isReady, MAX_STALENESS_MS + 1000);

    expect(before).toEqual([403, 403]);
    expect(meanwhile).toEqual([503, 503]);
    expect(ready).toMatchObject({
      status: 503,
      body: { checks: { database: 'failed', revocations: 'failed' } },
    });
    expect([await statusOf(revoked), await statusOf(good)]).toEqual([401, 403]);
  });
});
