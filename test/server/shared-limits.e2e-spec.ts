import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Client } from '../support/client.js';
import { fromNewAddress } from '../support/client-address.js';
import { PrivateRedis } from '../support/private-redis.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase } from '../support/test-database.js';

const LIMIT = 60;
const AWAY = 'Redis is away: rate limits are counted by each process on its own';
const BACK = 'Redis is back: rate limits are shared again';

describe('limits that two processes share in Redis', () => {
  let database: TestDatabase;
  let redis: PrivateRedis;
  let environment: Record<string, string>;
  let processes: AppProcess[];
  let clients: [Client, Client];
  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), PrivateRedis.start()]);
    environment = {
      ...database.environment,
      REDIS_URL: redis.url,
      // An hour, so that no window ends within a test.
      THROTTLE_LIMIT: `${LIMIT}/1h`,
      TRUSTED_PROXIES: '127.0.0.1',
    };
    const [first, second] = [new AppProcess(environment), new AppProcess(environment)];
    processes = [first, second];
    clients = await Promise.all([first.listening(), second.listening()]);
  });
  afterAll(async () => {
    await killProcesses();
    await redis.kill();
    await database.drop();
  });

  const clientOf = (index: number): Client => clients[index % 2 === 0 ? 0 : 1];

  /** Sends so many requests, all at once, to the two processes in turn. */
  async function together(count: number, send: (client: Client) => Promise<Answer>): Promise<number[]> {
    const answers = await Promise.all(Array.from({ length: count }, (_, index) => send(clientOf(index))));
    return answers.map(({ status }) => status);
  }

  async function newToken(email: string): Promise<string> {
    await register(clients[0], email);
    return (await login(clients[0], email)).body.accessToken;
  }

  const isReady = async (client: Client): Promise<boolean> =>
    (await client.get('/health/ready')).status === 200;

  const timesLogged = (process: AppProcess | undefined, sentence: string): number =>
    (process?.output.split(sentence).length ?? 0) - 1;

  it('are exact across them: of 200 requests at once, 60 are let in', async () => {
    const headers = fromNewAddress();

    const statuses = await together(200, (client) => client.get('/v1/products', { headers }));

    expect(statuses.filter((status) => status === 200)).toHaveLength(LIMIT);
    expect(statuses.filter((status) => status === 429)).toHaveLength(200 - LIMIT);
  });

  it('are exact across them for a user, whatever the addresses', async () => {
    const token = await newToken('roaming@example.com');

    const statuses = await together(200, (client) =>
      client.get('/v1/users/me', { token, headers: fromNewAddress() }),
    );

    expect(statuses.filter((status) => status === 200)).toHaveLength(LIMIT);
  });

  it('do not count what they refuse, for the user or for the address', async () => {
    const token = await newToken('hammering@example.com');
    const headers = fromNewAddress();

    await together(200, (client) => client.get('/v1/users/me', { token, headers }));
    const counters = await redis.ask(async (client) => {
      const keys = await client.keys('latchkey:*');
      return (await client.mget(keys)).map(Number);
    });

    expect(Math.max(...counters)).toBe(LIMIT);
  });

  it('leave no key behind that does not go by itself', async () => {
    await clients[0].get('/v1/products', { headers: fromNewAddress() });

    const lives = await redis.ask(async (client) => {
      const keys = await client.keys('*');
      return Promise.all(keys.map((key) => client.pttl(key)));
    });

    expect(lives.length).toBeGreaterThan(0);
    expect(lives.filter((life) => life <= 0 || life > 2 * 3_600_000)).toEqual([]);
  });

  describe.each([
    ['stopped and started', () => redis.kill(), () => redis.start()],
    ['frozen', async () => redis.freeze(), async () => redis.thaw()],
  ])('while Redis is %s', (_how, goAway, comeBack) => {
    it('no request fails: each process counts by itself, says so once, and shares again afterwards', async () => {
      const before = processes.map((process) => [timesLogged(process, AWAY), timesLogged(process, BACK)]);
      const statuses: number[] = [];
      const over = new AbortController();
      const load = Array.from({ length: 8 }, async (_, index) => {
        while (!over.signal.aborted) {
          // Those with a token wait to be counted with whatever it turns out to be.
          const token = index < 4 ? undefined : 'a.b.c';
          const path = token ? '/v1/users/me' : '/v1/products';
          statuses.push((await clientOf(index).get(path, { headers: fromNewAddress(), token })).status);
        }
      });

      await goAway();
      const noticed = await until(
        () => processes.every((process, at) => timesLogged(process, AWAY) > (before[at]?.[0] ?? 0)),
        10_000,
      );
      const ready = await clients[0].get('/health/ready');
      const headers = fromNewAddress();
      const local = await together(200, (client) => client.get('/v1/products', { headers }));
      await comeBack();
      await until(async () => (await isReady(clients[0])) && (await isReady(clients[1])), 20_000);
      const again = fromNewAddress();
      const shared = await together(200, (client) => client.get('/v1/products', { headers: again }));
      over.abort();
      await Promise.all(load);

      expect(new Set(statuses)).toEqual(new Set([200, 401]));
      expect(statuses.length).toBeGreaterThan(50);
      expect(noticed).toBeLessThan(1000);
      expect(ready.status).toBe(503);
      expect(ready.body).toMatchObject({ checks: { redis: 'failed' } });
      expect(local.filter((status) => status === 200)).toHaveLength(LIMIT * 2);
      expect(shared.filter((status) => status === 200)).toHaveLength(LIMIT);
      expect(processes.map((process) => [timesLogged(process, AWAY), timesLogged(process, BACK)])).toEqual(
        before.map(([away = 0, back = 0]) => [away + 1, back + 1]),
      );
    });

    it('what is known is not forgotten: what was counted before counts meanwhile, and what is counted meanwhile counts after', async () => {
      const [usedUp, tried] = [fromNewAddress(), fromNewAddress()];
      for (let index = 0; index < LIMIT; index++) {
        await clientOf(index).get('/v1/products', { headers: usedUp });
      }

      await goAway();
      await together(2, (client) => client.get('/v1/products', { headers: fromNewAddress() })); // silence is noticed by who asks
      await until(async () => !(await isReady(clients[0])) && !(await isReady(clients[1])), 10_000);
      const meanwhile = await together(20, (client) => client.get('/v1/products', { headers: usedUp }));
      await together(LIMIT - 10, (client) => client.get('/v1/products', { headers: tried }));
      await comeBack();
      await until(async () => (await isReady(clients[0])) && (await isReady(clients[1])), 20_000);
      const after = await together(20, (client) => client.get('/v1/products', { headers: tried }));

      // One process knows of all 60, with the last answer that it had from Redis; the other of 59.
      expect(meanwhile.filter((status) => status === 200)).toHaveLength(1);
      expect(after.filter((status) => status === 200)).toHaveLength(10);
    });
  });

  it('are counted by a process on its own that starts while Redis is frozen, and shared when it goes on', async () => {
    redis.freeze();
    const late = new AppProcess({ ...environment, LOG_LEVEL: 'info' });
    const client = await late.listening();
    const headers = fromNewAddress();
    const answers = await Promise.all(
      Array.from({ length: 80 }, () => client.get('/v1/products', { headers })),
    );
    redis.thaw();
    await until(async () => (await isReady(client)) && (await isReady(clients[0])), 20_000);
    const elsewhere = await clients[0].get('/v1/products', { headers });
    await late.stop();

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(LIMIT);
    expect(elsewhere.status).toBe(429);
  });

  it('are not taken for lost by a process that was itself held up while Redis answered', async () => {
    const before = processes.map((process) => timesLogged(process, AWAY));
    const over = new AbortController();
    const load = Array.from({ length: 8 }, async (_, index) => {
      while (!over.signal.aborted) {
        await clientOf(index).get('/v1/products', { headers: fromNewAddress() });
      }
    });

    for (let times = 0; times < 5; times++) {
      processes.forEach(({ id }) => process.kill(id, 'SIGSTOP'));
      await pause(1500);
      processes.forEach(({ id }) => process.kill(id, 'SIGCONT'));
      await pause(300);
    }
    over.abort();
    await Promise.all(load);

    expect(processes.map((process) => timesLogged(process, AWAY))).toEqual(before);
  });
});
