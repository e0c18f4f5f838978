import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { SilenceableProxy } from '../support/silenceable-proxy.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

const PAUSE_MS = 30_000;

describe('processes that are stopped (SIGSTOP) for 30 seconds while sessions end elsewhere', () => {
  let database: TestDatabase;
  let proxy: SilenceableProxy;
  let one: Client;
  let stopped: { app: AppProcess; client: Client }[];
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await SilenceableProxy.start(database.environment['DATABASE_URL'] ?? '');
    const environment = { ...database.environment, LOG_LEVEL: 'error' };
    const first = new AppProcess(environment);
    const others = [new AppProcess(environment), new AppProcess({ ...environment, DATABASE_URL: proxy.url })];
    one = await first.listening();
    stopped = await Promise.all(others.map(async (app) => ({ app, client: await app.listening() })));
    await register(one, 'anybody@example.com');
  });
  afterAll(async () => {
    await killProcesses();
    await proxy.close();
    await database.drop();
  });

  const newToken = async (): Promise<string> => (await login(one, 'anybody@example.com')).body.accessToken;
  const knock = async (token: string): Promise<number[]> =>
    Promise.all(stopped.map(async ({ client }) => (await client.get('/v1/users/me', { token })).status));
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void =>
    stopped.forEach(({ app }) => process.kill(app.id, name));

  it('let none of them in when they go on, whether their connections outlived the pause or not', async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, newToken));
    const good = await newToken();
    const before = await Promise.all([...tokens, good].map(knock));

    signal('SIGSTOP');
    const cut = proxy.cut('latchkey revocations');
    for (const token of tokens) {
      await one.post('/v1/auth/logout', undefined, { token });
    }
    await pause(PAUSE_MS);
    // They wait at the door when it opens.
    const answers = Promise.all(tokens.map(knock));
    signal('SIGCONT');
    const after = await answers;
    const goesOn = await knock(good);
    await until(async () => {
      const ready = await Promise.all(stopped.map(({ client }) => client.get('/health/ready')));
      return ready.every(({ status }) => status === 200);
    }, 5000);

    expect(before).toEqual([...tokens, good].map(() => [200, 200]));
    expect(cut).toBe(1);
    expect(after).toEqual(tokens.map(() => [401, 401]));
    expect(goesOn).toEqual([200, 200]);
  });
});
