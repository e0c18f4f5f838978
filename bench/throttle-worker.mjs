// One storage in a process of its own: `node --expose-gc throttle-worker.mjs <storage> <what>`. Says its figures over IPC.
import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import { Redis } from 'ioredis';
import { MemoryRateLimitStorage } from '../dist/throttling/memory-rate-limit-storage.js';
import { makeRateLimit } from '../dist/throttling/rate-limit.js';
import { RedisRateLimitStorage } from '../dist/throttling/redis-rate-limit-storage.js';
import { SystemClock } from '../dist/time/clock.js';

const [, , storageName, what, redisUrl] = process.argv;
const LIMIT = 10_000_000;
/** Short, so that what timers cost when they fall due is measured too; longer, where all keys are to be there at once. */
const WINDOW = what === 'memory' ? 60_000 : 1000;
const UNTIL_DUE = 1500;
const HITS = storageName.includes('Redis') ? 20_000 : 200_000;
const KEYS = 5000;
const MANY_KEYS = 1_000_000;
/** Hits under way at once, as on a busy server. */
const AT_ONCE = 50;

const single = makeRateLimit('address', [{ limit: LIMIT, windowMs: WINDOW }]);
const clock = new SystemClock();

/** How one hit is counted in each storage, and how to be rid of it. */
const STORAGES = {
  'ours, memory': () => {
    const storage = new MemoryRateLimitStorage(clock);
    return { hit: (key) => storage.hit(key, single), stop: () => {} };
  },
  'stock, memory': () => {
    const storage = new ThrottlerStorageService();
    return {
      hit: (key) => storage.increment(key, WINDOW, LIMIT, WINDOW, 'address'),
      stop: () => storage.onApplicationShutdown(),
    };
  },
  'ours, Redis': async () => {
    const storage = new RedisRateLimitStorage(redisUrl, clock, new MemoryRateLimitStorage(clock));
    await storage.connect();
    return { hit: (key) => storage.hit(key, single), stop: () => storage.onApplicationShutdown() };
  },
  '@nest-lab/throttler-storage-redis': async () => {
    const redis = new Redis(redisUrl);
    const storage = new ThrottlerStorageRedisService(redis);
    return {
      hit: (key) => storage.increment(key, WINDOW, LIMIT, WINDOW, 'address'),
      stop: () => redis.disconnect(),
    };
  },
};

const addressOf = (index) => `2001:db8:${(index >>> 16).toString(16)}:${(index & 65_535).toString(16)}::`;

/** CPU microseconds a hit, user and system, timers that fall due meanwhile and collections and all. */
async function cpu({ hit }) {
  const keys = Array.from({ length: KEYS }, (_, index) => addressOf(index));
  const send = async (count) => {
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (next < count) {
          await hit(keys[next++ % KEYS]);
        }
      }),
    );
  };
  await send(HITS / 4);
  const before = process.cpuUsage();
  await send(HITS);
  await pause(UNTIL_DUE);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / HITS;
}

/** Microseconds a hit where nothing is waited for. */
function synchronous({ hit }) {
  const keys = Array.from({ length: KEYS }, (_, index) => addressOf(index));
  const batches = [];
  for (let batch = 0; batch < 400; batch++) {
    const begin = performance.now();
    for (let index = 0; index < 1000; index++) {
      hit(keys[(batch * 1000 + index) % KEYS]);
    }
    // Milliseconds for a thousand hits are microseconds for one.
    batches.push(performance.now() - begin);
  }
  return batches.slice(100);
}

/** Megabytes of this process after a million different keys. */
async function memory({ hit }) {
  globalThis.gc();
  const before = process.memoryUsage();
  for (let index = 0; index < MANY_KEYS; index += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, offset) => hit(addressOf(index + offset))));
  }
  globalThis.gc();
  const after = process.memoryUsage();
  return (after.heapUsed + after.external - before.heapUsed - before.external) / 1e6;
}

const storage = await STORAGES[storageName]();
const measures = { cpu, synchronous, memory };
process.send(await measures[what](storage));
await storage.stop();
process.disconnect();
