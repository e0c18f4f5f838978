// What reading and searching the catalog costs as it grows: the API against bare Fastify with one prepared `pg` query
// for the same bytes, and against TypeORM entities with relations.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startIdleLoop } from './idle-loop.mjs';
import { insistOnSameAnswers, readsOf } from './catalog-reads.mjs';
import { measureSearches } from './catalog-searches.mjs';
import { openLargeCatalog } from './large-catalog-database.mjs';
import { getRequest, load } from './load.mjs';
import { linePlot } from './plot.mjs';
import { measureInTurn, Server } from './servers.mjs';
import { median, middleHalf, ratios } from './statistics.mjs';

const SIZES = (process.env.BENCH_SIZES ?? '10000,100000,1000000').split(',').map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 4000);
const WARM_UP = 10_000;
/** The core that the load is kept to (run.mjs). */
const LOAD_CORE = '1';
/** How many requests are sent before those of a turn, as a share of them: who has stood still costs more at first. */
const WARM_UP_SHARE = 0.5;
/** Entities are so much slower that fewer requests say as much. */
const REQUESTS_OF_ENTITIES = Math.ceil(REQUESTS / 20);

const WAYS = {
  bare: 'bare Fastify and pg',
  guest: 'the API, a guest',
  'signed in': 'the API, signed in',
  entities: 'TypeORM entities with relations',
};

const moduleOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Measures everything, and draws it into docs/; `log` is told how far it is. */
export async function run(log) {
  const results = [];
  for (const size of SIZES) {
    log(`${size} products`);
    results.push(await measureSize(size, log));
  }
  draw(results);
  return report(results);
}

async function measureSize(size, log) {
  const database = await openLargeCatalog(size, log);
  const options = { environment: database.environment };
  const servers = {
    house: await Server.start(moduleOf('catalog-house-server.mjs'), options),
    bare: await Server.start(moduleOf('catalog-bare-server.mjs'), options),
    entities: await Server.start(moduleOf('catalog-entities-server.mjs'), options),
  };
  const awake = startIdleLoop(LOAD_CORE);
  try {
    const reads = await readsOf(database.url, servers.house.url);
    await insistOnSameAnswers(reads, servers);
    const token = await servers.house.ask('token');
    const cases = casesOf(reads, servers, token);
    // Entities last: while they take their time the other servers stand still, and V8 lets go of what it had made of them.
    const cpu = new Map([
      ...(await measureInTurn(
        cases.filter(({ name }) => !isOfEntities(name)),
        { rounds: ROUNDS, log },
      )),
      ...(await measureInTurn(
        cases.filter(({ name }) => isOfEntities(name)),
        { rounds: ROUNDS, log },
      )),
    ]);
    awake.stop();
    const searches = await measureSearches(servers.house, size, log);
    return { size, labels: reads.map(({ label }) => label), cpu, searches };
  } finally {
    awake.stop();
    Object.values(servers).forEach((server) => server.stop());
    await database.close();
  }
}

function casesOf(reads, { house, bare, entities }, token) {
  const authorization = { Authorization: `Bearer ${token}` };
  return reads.flatMap(({ label, paths }) => {
    const requests = (way, headers) => paths.map((path) => getRequest(path[way], headers));
    return [
      caseOf(`${label}, bare`, bare, requests('bare')),
      caseOf(`${label}, guest`, house, requests('house')),
      caseOf(`${label}, signed in`, house, requests('house', authorization)),
      ...(paths[0].entities === undefined
        ? []
        : [caseOf(`${label}, entities`, entities, requests('entities'), REQUESTS_OF_ENTITIES)]),
    ];
  });
}

function isOfEntities(name) {
  return name.endsWith(', entities');
}

// Its first turn warms up the server, until V8 has compiled what it will.
function caseOf(name, server, requests, count = REQUESTS) {
  let isWarm = false;
  return {
    name,
    measure: async () => {
      if (!isWarm) {
        await load(server.url, requests, (count / REQUESTS) * WARM_UP);
        isWarm = true;
      }
      return server.measure(requests, count, { warmUpCount: Math.ceil(count * WARM_UP_SHARE) });
    },
  };
}

function readRows({ labels, cpu }) {
  return labels.flatMap((label) => {
    const of = (way) => cpu.get(`${label}, ${way}`);
    return Object.entries(WAYS).flatMap(([way, by]) => {
      const values = of(way);
      if (values === undefined) {
        return [];
      }
      const times = (other) => median(ratios(values, of(other))).toFixed(2);
      return [
        {
          read: label,
          by,
          'us a request': middleHalf(values),
          'times bare': way === 'bare' ? '' : times('bare'),
          'times the API': way === 'entities' ? times('guest') : '',
        },
      ];
    });
  });
}

function searchRows({ searches }) {
  return searches.map(({ kind, times, server }) => ({
    question: kind,
    'p50, ms': times.p50.toFixed(1),
    'p95, ms': times.p95.toFixed(1),
    'us of the server': server.toFixed(0),
  }));
}

function report(results) {
  return {
    tables: results.flatMap((result) => [
      { title: `Reading ${result.size.toLocaleString('en')} products, CPU`, rows: readRows(result) },
      {
        title: `Asking ${result.size.toLocaleString('en')} products, one question at a time`,
        rows: searchRows(result),
      },
    ]),
    notes: [
      `CPU time of the server process a request; medians of ${ROUNDS} rounds of ${REQUESTS} requests (quartiles in brackets), ` +
        '20 keep-alive connections. “Times bare” is taken round by round. A server that has stood still while the others were ' +
        'measured costs up to half as much again for its next thousands of requests, bare or not: half as many requests are ' +
        'sent before each turn, and entities, which take long, are measured after all others. A loop of the lowest priority keeps ' +
        'the core of the load awake: to wake one that sleeps is work of whoever wakes it, and the busier the server the oftener ' +
        'it sleeps.',
      'The bare server answers with the same bytes and the one with entities with the same JSON, which is checked before measuring.',
      'Questions are drawn as people ask: common words often, some misspelt, some of two words. Their times are those of a ' +
        'client on the same machine.',
    ],
    raw: results.map(({ size, cpu, searches }) => ({ size, cpu: Object.fromEntries(cpu), searches })),
  };
}

/** How p95 grows, in two plots: what is fast, and what searches. */
function draw(results) {
  const plot = (file, title, kinds) =>
    writeFileSync(
      `docs/${file}`,
      linePlot({
        title,
        subtitle:
          'by the number of products; PostgreSQL and server on the same 2 cores, one question at a time',
        labels: results.map(({ size }) => size.toLocaleString('en')),
        series: kinds.map(([name, asked]) => ({
          name,
          values: results.map(({ searches }) => searches.find(({ kind }) => kind === asked).times.p95),
        })),
      }),
    );
  plot('catalog-reads.svg', 'Reading the catalog as it grows: p95, ms', [
    ['product', 'a product'],
    ['page', 'a page'],
    ['filtered page', 'a filtered page, newest first'],
    ['suggestion', 'a suggestion'],
  ]);
  plot('catalog-searches.svg', 'Searching the catalog as it grows: p95, ms', [
    ['search', 'a search'],
    ['search with facets', 'a search with facets'],
    ['facets of a category', 'facets of a category'],
    ['facets of everything', 'facets of everything'],
  ]);
}
