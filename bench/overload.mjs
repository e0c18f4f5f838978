// What happens to catalog reads, to sign-ins and to those turned away when more sign in at once than can be hashed.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { hash } from '@node-rs/argon2';
import { AppServer } from './app-server.mjs';
import { runSql } from './bench-database.mjs';
import { createCatalogDatabase } from './catalog-database.mjs';
import { difference, readAccount } from './cpu-account.mjs';
import { startIdleLoop } from './idle-loop.mjs';
import { Connection, getRequest, postRequest } from './load.mjs';
import { linePlot } from './plot.mjs';
import { median, quantile } from './statistics.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CROWDS = (process.env.BENCH_CROWDS ?? '0,10,50,100,200,500').split(',').map(Number);
const READS_A_SECOND = 200;
const READERS = 40;
const PRODUCTS = 1000;
const PASSWORD = 'correct horse battery';
/** As the server hashes (OWASP). */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Those that everything is kept to. */
const CORES = 2;
const RAW_SECONDS = 4;
const READER = new URL('overload-reader.mjs', import.meta.url);

/** Measures everything, and draws it into docs/; `log` is told how far it is. */
export async function run(log) {
  const database = await createCatalogDatabase(PRODUCTS);
  const storedHash = await hash(PASSWORD, PARAMETERS);
  await makeAccounts(database.url, storedHash, Math.max(...CROWDS));
  const server = await AppServer.start(database.environment);
  const account = () => readAccount(server.pid, database.name);
  try {
    const product = await runSql(database.url, 'SELECT slug FROM product_documents LIMIT 1');
    const read = getRequest(`/v1/products/${product[0].slug}`);
    await measure(server.url, read, 50, account); // warms up
    const raw = [];
    const besideLoops = [];
    const rounds = new Map(CROWDS.map((crowd) => [crowd, []]));
    for (let round = 1; round <= ROUNDS; round++) {
      raw.push(await rawRate(storedHash));
      for (const crowd of CROWDS) {
        rounds.get(crowd).push(await measure(server.url, read, crowd, account));
      }
      besideLoops.push(await measureBesideLoops(server.url, read));
      raw.push(await rawRate(storedHash));
      log(`round ${round} of ${ROUNDS}`);
    }
    return report(raw, rounds, besideLoops);
  } finally {
    server.stop();
    await database.drop();
  }
}

async function makeAccounts(url, storedHash, count) {
  await runSql(
    url,
    `WITH made AS (
       INSERT INTO users (id, email, email_verified, display_name, roles, status, version, created_at, updated_at)
       SELECT gen_random_uuid(), 'crowd' || n || '@example.com', false, NULL, ARRAY['customer'], 'active', 1, now(), now()
       FROM generate_series(1, ${count}) AS n RETURNING id)
     INSERT INTO password_credentials (user_id, hash, changed_at) SELECT id, '${storedHash}', now() FROM made`,
  );
}

async function rawRate(storedHash) {
  const script = fileURLToPath(new URL('overload-hashes.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)('taskset', [
    '-c',
    '0,1',
    process.execPath,
    script,
    storedHash,
    PASSWORD,
    String(RAW_SECONDS),
  ]);
  return Number(stdout);
}

/**
 * Reads at a steady pace while so many people sign in at once; who is turned away comes again after Retry-After. They first
 * come within a second: having begun on the same tick they would come again on the same tick for as long as they try, since
 * Retry-After knows whole seconds only.
 */
async function measure(url, read, crowd, account) {
  const state = { isOver: false, accepted: [], refused: [] };
  const people = Array.from({ length: crowd }, (_, index) => signInAgainAndAgain(url, index + 1, state));
  await pause(4000); // until the queue is full and the first ones have come again
  state.accepted = [];
  state.refused = [];
  const begin = performance.now();
  const before = account();
  const reads = await readSteadily(url, read);
  const seconds = (performance.now() - begin) / 1000;
  const used = difference(before, account());
  const { accepted, refused } = state;
  state.isOver = true;
  await Promise.all(people);
  return { reads, acceptedPerSecond: accepted.length / seconds, accepted, refused, used, seconds };
}

/**
 * Reads at the same pace while nobody signs in and what is left of the cores goes to programs at the lowest priority, which should
 * hold nobody up: how much of a bad round is the machine's.
 */
async function measureBesideLoops(url, read) {
  const loops = Array.from({ length: CORES }, () => startIdleLoop('0,1'));
  try {
    await pause(1000);
    return await readSteadily(url, read);
  } finally {
    loops.forEach((loop) => loop.stop());
  }
}

async function signInAgainAndAgain(url, number, state) {
  await pause(Math.random() * 1000);
  const connection = new Connection(url);
  const body = { email: `crowd${number}@example.com`, password: PASSWORD, delivery: 'body' };
  const request = postRequest('/v1/auth/login', body);
  while (!state.isOver) {
    const begin = performance.now();
    const { status, head, body: answer } = await connection.exchange(request);
    if (status === 503) {
      state.refused.push(performance.now() - begin);
      await pause(1000 * Number(/^retry-after: (\d+)/im.exec(head)[1]));
    } else if (status === 200) {
      state.accepted.push(performance.now() - begin);
    } else {
      throw new Error(`signing in was answered with ${status}: ${answer.toString()}`);
    }
  }
  connection.close();
}

/** Milliseconds from when each read was due to its answer. */
async function readSteadily(url, read) {
  const workerData = { url, read, readers: READERS, perSecond: READS_A_SECOND, seconds: SECONDS };
  const [times] = await once(new Worker(READER, { workerData }), 'message');
  return times;
}

function report(raw, rounds, besideLoops) {
  const rawMedian = median(raw);
  const middle = (crowd, figure) => median(rounds.get(crowd).map(figure));
  const readsAt = (part) => (crowd) => middle(crowd, ({ reads }) => quantile(reads, part));
  const [p50, p99] = [readsAt(0.5), readsAt(0.99)];
  const acceptedAt = (crowd) => middle(crowd, ({ acceptedPerSecond }) => acceptedPerSecond);
  const refusedAt = (crowd, part) =>
    middle(crowd, ({ refused }) => (refused.length === 0 ? NaN : quantile(refused, part)));
  const loopsAt = (part) => median(besideLoops.map((reads) => quantile(reads, part)));
  const shown = (value, digits = 1) => (Number.isNaN(value) ? '' : value.toFixed(digits));
  const accountAt = (crowd) =>
    Object.fromEntries(
      Object.keys(rounds.get(crowd)[0].used).map((name) => {
        const share = ({ used, seconds }) => (used[name] / (seconds * 1000)) * 100;
        return [name, shown(middle(crowd, share))];
      }),
    );
  const leftAt = (crowd) =>
    middle(crowd, ({ used, seconds }) => 1 - (used.everything - used.hashing) / (CORES * seconds * 1000));
  draw({ p50, p99, acceptedAt, rawMedian });
  return {
    tables: [
      {
        title: 'While so many sign in at once',
        rows: CROWDS.map((crowd) => ({
          'sign-ins at once': crowd,
          'reads p50, ms': shown(p50(crowd)),
          'reads p99, ms': shown(p99(crowd)),
          'times idle p99': shown(p99(crowd) / p99(0), 2),
          'times p99 beside loops': shown(p99(crowd) / loopsAt(0.99), 2),
          'signed in a second': crowd === 0 ? '' : shown(acceptedAt(crowd)),
          'of raw hashes, %': crowd === 0 ? '' : shown((acceptedAt(crowd) / rawMedian) * 100, 0),
          'of those in the time that all else left, %':
            crowd === 0 ? '' : shown((acceptedAt(crowd) / (rawMedian * leftAt(crowd))) * 100, 0),
          '503 p50, ms': shown(refusedAt(crowd, 0.5)),
          '503 p99, ms': shown(refusedAt(crowd, 0.99)),
        })),
      },
      {
        title: 'Who uses the two cores meanwhile, % of one core',
        rows: CROWDS.map((crowd) => ({ 'sign-ins at once': crowd, ...accountAt(crowd) })),
      },
      {
        title:
          'The machine: reads while nobody signs in, beside two loops that do nothing at the lowest priority',
        rows: [
          {
            'reads p50, ms': shown(loopsAt(0.5)),
            'reads p99, ms': shown(loopsAt(0.99)),
            'times idle p99': shown(loopsAt(0.99) / p99(0), 2),
            of: besideLoops.map((reads) => shown(quantile(reads, 0.99))).join(', '),
          },
        ],
      },
      {
        title: 'The machine, hashing and nothing else',
        rows: [{ 'hashes a second': shown(rawMedian), of: raw.map((rate) => shown(rate)).join(', ') }],
      },
    ],
    notes: [
      `Medians of ${ROUNDS} rounds of ${SECONDS} s. ${READS_A_SECOND} reads of one product a second, timed from when they ` +
        'were due; who is turned away comes again when Retry-After says.',
      'Everything shares the two cores: hashing threads, server, PostgreSQL and the load.',
    ],
    raw: {
      hashesPerSecond: raw,
      besideLoops: besideLoops.map((reads) => ({
        readsP50: quantile(reads, 0.5),
        readsP99: quantile(reads, 0.99),
      })),
      rounds: Object.fromEntries(
        [...rounds].map(([crowd, results]) => [
          crowd,
          results.map(({ reads, acceptedPerSecond, refused }) => ({
            readsP50: quantile(reads, 0.5),
            readsP99: quantile(reads, 0.99),
            acceptedPerSecond,
            refused: refused.length,
            ...(refused.length > 0 && { refusedP99: quantile(refused, 0.99) }),
          })),
        ]),
      ),
    },
  };
}

function draw({ p50, p99, acceptedAt, rawMedian }) {
  const subtitle = '2 cores that server, PostgreSQL, hashing and load share';
  const same = (value) => CROWDS.map(() => value);
  writeFileSync(
    'docs/overload-reads.svg',
    linePlot({
      title: 'Catalog reads while so many sign in at once, ms',
      subtitle,
      labels: CROWDS.map(String),
      series: [
        { name: 'p50', values: CROWDS.map(p50) },
        { name: 'p99', values: CROWDS.map(p99) },
        { name: 'goal: 3 times p99 when idle', values: same(3 * p99(0)) },
      ],
    }),
  );
  writeFileSync(
    'docs/overload-sign-ins.svg',
    linePlot({
      title: 'Signed in a second, so many trying at once',
      subtitle,
      labels: CROWDS.map(String),
      series: [
        { name: 'hashes of the machine alone', values: same(rawMedian) },
        { name: 'signed in', values: CROWDS.map((crowd) => (crowd === 0 ? 0 : acceptedAt(crowd))) },
        { name: 'goal: nine tenths', values: same(rawMedian * 0.9) },
      ],
    }),
  );
}
