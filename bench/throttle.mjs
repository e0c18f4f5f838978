// What counting a request costs: our storages, the stock one, and the Redis storage that is commonly taken.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { median, middleHalf } from './statistics.mjs';
import { work } from './worker.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const MEMORY_ROUNDS = Number(process.env.BENCH_MEMORY_ROUNDS ?? 3);
const PORT = 16_379;
const STORAGES = ['ours, memory', 'stock, memory', 'ours, Redis', '@nest-lab/throttler-storage-redis'];
const url = `redis://127.0.0.1:${PORT}`;

/** Measures everything; `log` is told how far it is. */
export async function run(log) {
  const server = await startRedis();
  try {
    const cpu = await inRounds(ROUNDS, (name) => work('throttle-worker.mjs', [name, 'cpu', url]), log);
    const synchronous = [];
    for (let round = 0; round < ROUNDS; round++) {
      synchronous.push(...(await work('throttle-worker.mjs', ['ours, memory', 'synchronous', url])));
    }
    const memory = await inRounds(MEMORY_ROUNDS, (name) => memoryOf(name), log);
    return report({ cpu, synchronous, memory });
  } finally {
    server.kill();
  }
}

async function startRedis() {
  const options = ['--port', String(PORT), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('taskset', ['-c', '1', 'redis-server', ...options], { stdio: 'ignore' });
  await Promise.race([once(server, 'spawn'), once(server, 'error').then(([error]) => Promise.reject(error))]);
  await ask((redis) => redis.ping());
  return server;
}

async function ask(question) {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => {}); // until the server is there
  const answer = await question(redis);
  redis.disconnect();
  return answer;
}

async function memoryOf(name) {
  await ask((redis) => redis.flushall());
  const megabytes = await work('throttle-worker.mjs', [name, 'memory', url]);
  const info = await ask((redis) => redis.info('memory'));
  return { megabytes, redis: Number(/used_memory:(\d+)/.exec(info)[1]) / 1e6 };
}

async function inRounds(rounds, measure, log) {
  const results = new Map(STORAGES.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const name of STORAGES) {
      results.get(name).push(await measure(name));
    }
    log(`round ${round} of ${rounds}`);
  }
  return results;
}

function report({ cpu, synchronous, memory }) {
  const usesRedis = (name) => name.toLowerCase().includes('redis');
  return {
    tables: [
      {
        title: 'Counting one request',
        rows: STORAGES.map((name) => ({
          storage: name,
          'CPU us a hit': middleHalf(cpu.get(name)),
          'times ours': (
            median(cpu.get(name)) / median(cpu.get(usesRedis(name) ? 'ours, Redis' : 'ours, memory'))
          ).toFixed(1),
          'MB after 1,000,000 keys': median(memory.get(name).map(({ megabytes }) => megabytes)).toFixed(0),
          'MB in Redis': usesRedis(name) ? median(memory.get(name).map(({ redis }) => redis)).toFixed(0) : '',
        })),
      },
      {
        title: 'Counting in memory, without waiting for anything',
        rows: [
          {
            storage: 'ours, memory',
            'us a hit': median(synchronous).toFixed(2),
            'slowest twentieth, us': (
              synchronous.toSorted((one, other) => one - other)[Math.floor(synchronous.length * 0.95)] ?? NaN
            ).toFixed(2),
          },
        ],
      },
    ],
    notes: [
      `Medians of ${ROUNDS} rounds (quartiles in brackets), each in a process of its own: 5,000 keys, 50 hits under way at once; ` +
        'timers that fall due and collections are in it. Memory: heap and external after a collection, medians of ' +
        `${MEMORY_ROUNDS} rounds.`,
      'Ours holds at most 200,000 keys in memory, the coldest go first; the stock one holds them all. In Redis, CPU is that of ' +
        'the process that asks, not of Redis.',
    ],
    raw: {
      cpu: Object.fromEntries(cpu),
      memory: Object.fromEntries(memory),
    },
  };
}
