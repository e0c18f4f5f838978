// How soon a sign-out on one process is known on the other, and how many sign-outs one PostgreSQL carries.
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AppServer } from './app-server.mjs';
import { createBenchDatabase } from './bench-database.mjs';
import { distributionPlot, linePlot } from './plot.mjs';
import { preparePgbench } from './revocation-database.mjs';
import { makeSessions } from './revocation-sessions.mjs';
import { median, quantile } from './statistics.mjs';

const SIGN_OUTS = Number(process.env.BENCH_SIGN_OUTS ?? 1000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const WARM_UP = 50;
/** Requests a second, on each of the two processes, while sign-outs are timed. */
const BACKGROUND = 200;
const CONNECTIONS = [1, 2, 4, 8, 16, 32, 64];
const CALLERS = [1, 4, 16, 64];
const ANNOUNCEMENTS = ['never', 'in the transaction', 'after the commit'];
const GOAL_MS = 50;

/** Measures everything, and draws it into docs/; `log` is told how far it is. */
export async function run(log) {
  const database = await createBenchDatabase();
  try {
    const latencies = await timeSignOuts(database, log);
    const server = await countSignOuts(await preparePgbench(database.url), log);
    const api = await countThroughApi(database, log);
    const results = { latencies, server, api };
    draw(results);
    return report(results);
  } finally {
    await database.drop();
  }
}

async function timeSignOuts({ environment }, log) {
  const here = await AppServer.start(environment);
  const there = await AppServer.start(environment);
  const tokens = await makeSessions(environment, SIGN_OUTS + WARM_UP + 2);
  const background = [here, there].map((server) => keepBusy(server, tokens.pop()));
  const latencies = [];
  for (const token of tokens) {
    latencies.push(await timeSignOut(here, there, token));
    if (latencies.length % 250 === 0) {
      log(`${latencies.length} sign-outs timed`);
    }
  }
  await Promise.all(background.map((stop) => stop()));
  [here, there].forEach((server) => server.stop());
  return latencies.slice(WARM_UP);
}

/** Milliseconds from the 204 on one process to the first 401 on the other, which is asked without pause. */
async function timeSignOut(here, there, token) {
  insist(await there.send('GET', '/v1/users/me', token), 200);
  insist(await here.send('POST', '/v1/auth/logout', token), 204);
  const signedOut = performance.now();
  while ((await there.send('GET', '/v1/users/me', token)) !== 401) {
    insist(performance.now() - signedOut < 10_000, true);
  }
  return performance.now() - signedOut;
}

/** Sends so many requests a second; answers with how to end it. */
function keepBusy(server, token) {
  const begin = performance.now();
  const end = new AbortController();
  const sendAll = async () => {
    for (let sent = 0; !end.signal.aborted; sent++) {
      await pause(Math.max(0, begin + (sent * 1000) / BACKGROUND - performance.now()));
      insist(await server.send('GET', '/v1/users/me', token), 200);
    }
  };
  const sending = sendAll();
  return () => {
    end.abort();
    return sending;
  };
}

async function countSignOuts(measure, log) {
  const results = Object.fromEntries(ANNOUNCEMENTS.map((announce) => [announce, CONNECTIONS.map(() => [])]));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [index, connections] of CONNECTIONS.entries()) {
      for (const announce of ANNOUNCEMENTS) {
        results[announce][index].push(await measure(announce, connections, SECONDS));
      }
    }
    log(`PostgreSQL itself, round ${round} of ${ROUNDS}`);
  }
  return results;
}

async function countThroughApi({ environment }, log) {
  const results = Object.fromEntries(ANNOUNCEMENTS.map((announce) => [announce, CALLERS.map(() => [])]));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const announce of ANNOUNCEMENTS) {
      const servers = [
        await AppServer.start(environment, announce),
        await AppServer.start(environment, announce),
      ];
      for (const [index, callers] of CALLERS.entries()) {
        const tokens = await makeSessions(environment, (SECONDS + 1) * 1500);
        results[announce][index].push(await signOutTogether(servers, tokens, callers));
      }
      servers.forEach((server) => server.stop());
    }
    log(`through the API, round ${round} of ${ROUNDS}`);
  }
  return results;
}

/** Sign-outs a second, by so many callers on both processes, none of which waits for another. */
async function signOutTogether(servers, tokens, callers) {
  const begin = performance.now();
  let done = 0;
  const call = async (server) => {
    while (tokens.length > 0 && performance.now() - begin < SECONDS * 1000) {
      insist(await server.send('POST', '/v1/auth/logout', tokens.pop()), 204);
      done++;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, index) => call(servers[index % servers.length])));
  return (done * 1000) / (performance.now() - begin);
}

function insist(value, expected) {
  if (value !== expected) {
    throw new Error(`${value} instead of ${expected}`);
  }
}

function draw({ latencies, server }) {
  const file = (name) => new URL(`../docs/${name}.svg`, import.meta.url);
  writeFileSync(
    file('revocation-latency'),
    distributionPlot({
      title: 'From the 204 on one process to the first 401 on the other',
      subtitle: `${latencies.length} sign-outs, ${BACKGROUND} requests a second on each process beside them`,
      values: latencies,
      marks: { p50: 0.5, p95: 0.95, p99: 0.99 },
      goal: GOAL_MS,
      unit: 'ms',
    }),
  );
  writeFileSync(
    file('sign-outs'),
    linePlot({
      title: 'Sign-outs a second that one PostgreSQL carries',
      subtitle: 'by connections that sign out at once',
      labels: CONNECTIONS,
      series: [
        { name: 'no NOTIFY', values: server.never.map(median) },
        {
          name: 'NOTIFY after the commit, together (as built)',
          values: server['after the commit'].map(median),
        },
        { name: 'NOTIFY in the transaction', values: server['in the transaction'].map(median) },
      ],
    }),
  );
}

function report({ latencies, server, api }) {
  const at = (part) => quantile(latencies, part).toFixed(1);
  const rows = (labels, results, what) =>
    labels.map((label, index) => ({
      [what]: label,
      ...Object.fromEntries(
        ANNOUNCEMENTS.map((announce) => [`NOTIFY ${announce}`, median(results[announce][index]).toFixed(0)]),
      ),
    }));
  return {
    tables: [
      {
        title: 'From the 204 of a sign-out on one process to the first 401 on the other',
        rows: [
          {
            'sign-outs': latencies.length,
            'p50, ms': at(0.5),
            'p95, ms': at(0.95),
            'p99, ms': at(0.99),
            'longest, ms': at(1),
          },
        ],
      },
      { title: 'Sign-outs a second, PostgreSQL itself', rows: rows(CONNECTIONS, server, 'connections') },
      { title: 'Sign-outs a second, through two processes', rows: rows(CALLERS, api, 'callers at once') },
    ],
    notes: [
      `Timed with ${BACKGROUND} requests a second on each process beside them; the time ends with the answer, so that one ` +
        'round trip is in it.',
      `Throughput: medians of ${ROUNDS} rounds of ${SECONDS} s; two processes listen. Clients, processes and PostgreSQL ` +
        'share this machine.',
    ],
    raw: { latencies, server, api },
  };
}
