// How long one question to the catalog takes when nothing else is asked, and what it costs: kind by kind.
import { QUESTIONS } from './large-catalog-questions.mjs';
import { randomFrom } from './large-catalog.mjs';
import { Connection, getRequest } from './load.mjs';
import { quantile } from './statistics.mjs';

const ASKED = Number(process.env.BENCH_QUESTIONS ?? 300);
const ASKED_BEFORE = 100;
const SEED = 4711;

/** By kind: p50 and p95 in milliseconds, and CPU microseconds a question of the server. */
export async function measureSearches(house, size, log) {
  const connection = new Connection(house.url);
  const results = [];
  for (const [kind, pathOf] of Object.entries(QUESTIONS)) {
    const random = randomFrom(SEED);
    const ask = async () => {
      const begin = performance.now();
      await connection.send(getRequest(pathOf(random, size)));
      return performance.now() - begin;
    };
    for (let asked = 0; asked < ASKED_BEFORE; asked++) {
      await ask();
    }
    const before = await house.ask('cpu');
    const times = [];
    for (let asked = 0; asked < ASKED; asked++) {
      times.push(await ask());
    }
    results.push({
      kind,
      times: { p50: quantile(times, 0.5), p95: quantile(times, 0.95) },
      server: ((await house.ask('cpu')) - before) / ASKED,
    });
    log(`${kind}: p95 ${results.at(-1).times.p95.toFixed(1)} ms`);
  }
  connection.close();
  return results;
}
