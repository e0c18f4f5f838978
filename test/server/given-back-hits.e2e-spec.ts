import { Redis } from 'ioredis';
import { MemoryRateLimitStorage } from '../../src/throttling/memory-rate-limit-storage.js';
import { makeRateLimit } from '../../src/throttling/rate-limit.js';
import { RedisCounters } from '../../src/throttling/redis-counters.js';
import { RedisRateLimitStorage } from '../../src/throttling/redis-rate-limit-storage.js';
import { MovableClock } from '../../src/time/movable-clock.js';
import { PrivateRedis } from '../support/private-redis.js';
import { until } from '../support/process.js';

const WINDOW = 60_000;
const rateLimit = makeRateLimit('test', [{ limit: 10, windowMs: WINDOW }]);
const hit = { key: 'client', rateLimit };
/** In the middle of a window. */
const NOW = 30_000_000 * WINDOW + WINDOW / 2;

describe('a hit that is taken back from Redis', () => {
  let server: PrivateRedis;
  let client: Redis;
  let counters: RedisCounters;
  beforeAll(async () => {
    server = await PrivateRedis.start();
    client = new Redis(server.url);
    counters = new RedisCounters(client);
  });
  afterAll(async () => {
    client.disconnect();
    await server.kill();
  });
  beforeEach(() => client.flushall());

  async function count(times: number, now: number): Promise<void> {
    for (let done = 0; done < times; done++) {
      await counters.hit([[hit]], now);
    }
  }
  const counted = async (): Promise<(string | null)[]> => {
    const keys = (await client.keys('latchkey:test:*:client:*')).toSorted();
    return Promise.all(keys.map((key) => client.get(key)));
  };

  it('is taken from the window that it was counted in', async () => {
    await count(3, NOW);
    await count(2, NOW + WINDOW);

    await counters.giveBack(hit, NOW);

    expect(await counted()).toEqual(['2', '2']);
  });

  it('leaves no counter where it was the only one', async () => {
    await count(1, NOW);

    await counters.giveBack(hit, NOW);

    expect(await counted()).toEqual([]);
  });

  it('makes no counter where it counts no longer', async () => {
    await counters.giveBack(hit, NOW);

    expect(await counted()).toEqual([]);
  });

  it('leaves the others their time to live', async () => {
    await count(2, NOW);

    await counters.giveBack(hit, NOW);

    const [key = ''] = await client.keys('latchkey:test:*');
    expect(await client.pttl(key)).toBeGreaterThan(0);
  });

  it('is not told to Redis where it was counted and taken back while Redis was away', async () => {
    const clock = new MovableClock(NOW);
    const storage = new RedisRateLimitStorage(server.url, clock, new MemoryRateLimitStorage(clock));
    await storage.connect();
    await storage.hit(hit.key, rateLimit);
    server.freeze();
    await storage.hit('other', rateLimit); // which finds out, and may reach Redis late
    for (let times = 0; times < 3; times++) {
      await storage.hit(hit.key, rateLimit);
    }

    await storage.giveBack(hit, NOW);
    const meanwhile = (await storage.hit(hit.key, rateLimit)).remaining;
    server.thaw();
    await until(async () => storage.isShared(), 20_000);
    const afterwards = await counted();
    await storage.onApplicationShutdown();

    expect(meanwhile).toBe(6);
    expect(afterwards).toEqual(['4']);
  });
});
