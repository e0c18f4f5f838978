// The blacklist with 1,000,000 entries: memory, look-up, loading at start, and pauses of the event loop.
import assert from 'node:assert/strict';
import { createBenchDatabase, runSql } from './bench-database.mjs';
import { NOTHING, VARIANTS } from './blacklist-variants.mjs';
import { median, quantile } from './statistics.mjs';
import { work } from './worker.mjs';

const ENTRIES = Number(process.env.BENCH_ENTRIES ?? 1_000_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

/** Measures everything; `log` is told how far it is. */
export async function run(log) {
  const names = Object.keys(VARIANTS).filter((name) => name !== NOTHING);
  const inMemory = {};
  const pauses = {};
  for (const name of names) {
    inMemory[name] = await inTurn(() => work('blacklist-worker.mjs', ['memory', name, ENTRIES]));
    log(`${name}: memory and look-ups measured`);
    pauses[name] = await inTurn(() => work('blacklist-worker.mjs', ['pauses', name, ENTRIES]));
    log(`${name}: pauses measured`);
  }
  pauses[NOTHING] = await inTurn(() => work('blacklist-worker.mjs', ['pauses', NOTHING, ENTRIES]));
  const loading = await measureLoading(log);
  return report({ inMemory, pauses, loading });
}

async function measureLoading(log) {
  const database = await createBenchDatabase();
  try {
    log(`writing ${ENTRIES} revocations`);
    await fill(database);
    const load = (way) => inTurn(() => work('blacklist-load.mjs', [way], database.environment));
    return { ours: await load('ours'), entities: await load('entities') };
  } finally {
    await database.drop();
  }
}

// Nine in ten of them sessions and users, whose ids are UUIDv7, in the order in which they were taken back.
async function fill({ environment, url }) {
  await work('../dist/commands/migrate.js', [], environment, 'exit');
  await runSql(
    url,
    `INSERT INTO revocations (id, reach, subject, version, expires_at, created_at)
     SELECT (lpad(to_hex(1764000000000 + n), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
       (ARRAY['token', 'user', 'session'])[least(n % 10, 2) + 1], gen_random_uuid(),
       CASE WHEN n % 10 = 1 THEN 2 END, now() + interval '1 hour' + n * interval '960 seconds' / ${ENTRIES}, now()
     FROM generate_series(1, ${ENTRIES}) AS n`,
  );
  await runSql(url, 'VACUUM ANALYZE revocations');
}

async function inTurn(measure) {
  const results = [];
  for (let round = 0; round < ROUNDS; round++) {
    results.push(await measure());
  }
  return results;
}

function report({ inMemory, pauses, loading }) {
  const microseconds = (results, kind) =>
    (median(results.flatMap((result) => result[kind].times)) / 1000).toFixed(2);
  const worst = (results, kind) =>
    (
      quantile(
        results.flatMap((result) => result[kind].times),
        0.95,
      ) / 1000
    ).toFixed(2);
  const rows = Object.entries(inMemory).map(([name, results]) => ({
    blacklist: name,
    MB: median(results.map(({ megabytes }) => megabytes)).toFixed(0),
    'us a miss': `${microseconds(results, 'miss')} (${worst(results, 'miss')})`,
    'us a hit': `${microseconds(results, 'hit')} (${worst(results, 'hit')})`,
    'longest pause arriving, ms': longestPause(pauses[name], 'filling'),
    'and expiring, ms': longestPause(pauses[name], 'expiring'),
  }));
  rows.push({
    blacklist: NOTHING,
    'longest pause arriving, ms': longestPause(pauses[NOTHING], 'filling'),
    'and expiring, ms': longestPause(pauses[NOTHING], 'expiring'),
  });
  for (const results of Object.values(inMemory)) {
    results.forEach(({ miss, hit }) => assert.ok(miss.found === 0 && hit.found > 0));
  }
  const loaded = (results) => ({
    's to load': (median(results.map(({ milliseconds }) => milliseconds)) / 1000).toFixed(2),
    'longest pause, ms': median(results.map(({ longestTurn }) => longestTurn)).toFixed(0),
  });
  return {
    tables: [
      { title: `${ENTRIES} entries in memory`, rows },
      {
        title: `Loading ${ENTRIES} entries from PostgreSQL at start`,
        rows: [
          { way: 'rows in batches, into TokenBlacklist', ...loaded(loading.ours) },
          { way: 'entities in one array, into Maps', ...loaded(loading.entities) },
        ],
      },
    ],
    notes: [
      `Medians of ${ROUNDS} rounds, each in a process of its own. A look-up asks for three ids; in brackets the slowest ` +
        'twentieth of batches of 1,000.',
      'Memory is heap and external, after a collection. Pauses: the longest turn of the event loop (in brackets the hundredth ' +
        `longest) while the first ${ENTRIES} entries arrive, 20 in each turn, and then while twice as many arrive and as many expire. ` +
        'The process has one core, so that a collection of garbage has no helper.',
    ],
    raw: {
      megabytes: mapValues(inMemory, (results) => results.map(({ megabytes }) => megabytes)),
      nanoseconds: mapValues(inMemory, (results) =>
        results.map(({ miss, hit }) => ({ miss: median(miss.times), hit: median(hit.times) })),
      ),
      longestPauses: mapValues(pauses, (rounds) =>
        rounds.map(({ filling, expiring }) => ({
          filling: filling.slice(0, 5),
          expiring: expiring.slice(0, 5),
        })),
      ),
      loading,
    },
  };
}

function longestPause(rounds, kind) {
  const [longest, hundredth] = [0, 99].map((rank) => median(rounds.map((round) => round[kind][rank])));
  return `${longest.toFixed(1)} (${hundredth.toFixed(2)})`;
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
