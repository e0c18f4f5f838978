import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { Service, credentialsIn } from '../support/service.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

jest.setTimeout(60_000);

/** The longest that a revocation may take to reach another process, in milliseconds. */
const AT_ONCE_MS = 1000;
const { TEST_FOLDER = '' } = process.env;

describe('services and two processes', () => {
  let database: TestDatabase;
  let one: Client;
  let two: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    const environment = { ...database.environment, THROTTLE_CLIENT_LIMIT: '1000000' };
    const processes = [new AppProcess(environment), new AppProcess(environment)] as const;
    [one, two] = await Promise.all([processes[0].listening(), processes[1].listening()]);
    await register(one, 'ada@example.com');
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  /** Runs `npm run clients`, as an operator does while the processes run. */
  function clients(...words: string[]): string {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [resolve('dist/commands/clients.js'), ...words],
      { cwd: TEST_FOLDER, env: { NODE_ENV: 'test', ...database.environment }, encoding: 'utf8' },
    );
    if (status !== 0) {
      throw new Error(stderr);
    }
    return stdout;
  }

  function makeService(): Service {
    const { id, secret } = credentialsIn(clients('create', '--name', 'x'));
    return new Service(one, id, secret);
  }

  const signIn = async (): Promise<{ accessToken: string; refreshToken: string }> =>
    (await login(one, 'ada@example.com')).body;
  const letsIn = async (client: Client, token: string): Promise<boolean> =>
    (await client.get('/v1/users/me', { token })).status === 200;
  const isActive = async (service: Service, token: string): Promise<boolean> =>
    (await service.introspect(token)).body.active;

  it('an access token that a service takes back on one is refused by both, and inactive on both', async () => {
    const service = makeService();
    const { accessToken } = await signIn();
    const before = [await letsIn(two, accessToken), await isActive(service.at(two), accessToken)];

    await service.revoke(accessToken);
    const there = await until(async () => !(await letsIn(two, accessToken)), AT_ONCE_MS);

    expect(before).toEqual([true, true]);
    expect(there).toBeLessThan(AT_ONCE_MS);
    expect(await isActive(service.at(two), accessToken)).toBe(false);
    expect([await letsIn(one, accessToken), await isActive(service, accessToken)]).toEqual([false, false]);
  });

  it('a refresh token that a service takes back on one ends its session on both', async () => {
    const service = makeService();
    const { accessToken, refreshToken } = await signIn();
    const before = await isActive(service.at(two), refreshToken);

    await service.revoke(refreshToken);
    await until(async () => !(await letsIn(two, accessToken)), AT_ONCE_MS);
    const refreshed = await two.post('/v1/auth/refresh', { refreshToken });

    expect(before).toBe(true);
    expect(await isActive(service.at(two), refreshToken)).toBe(false);
    expect(refreshed.status).toBe(401);
  });

  it('a service whose credentials were taken back is refused by both with the very next request', async () => {
    const service = makeService();
    const before = [await service.introspect('x'), await service.at(two).introspect('x')];

    clients('revoke', service.id);
    const after = [await service.introspect('x'), await service.at(two).introspect('x')];

    expect(before.map(({ status }) => status)).toEqual([200, 200]);
    expect(after.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('a token that 40 requests take back at once is taken back once or more, and each is answered 200', async () => {
    const service = makeService();
    const { refreshToken, accessToken } = await signIn();

    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        service.at(index % 2 === 0 ? one : two).revoke(index % 4 < 2 ? refreshToken : accessToken),
      ),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await isActive(service, accessToken)).toBe(false);
  });
});
