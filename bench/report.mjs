// Writes docs/performance.md, and the tables of docs/catalog.md, from what the benchmarks have left in results/: npm run
// bench:report.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const PAGE = 'docs/performance.md';
const CATALOG_PAGE = 'docs/catalog.md';

/** Each benchmark, what it asks, and what was hoped for. */
const SECTIONS = [
  [
    'guards',
    'What guarding a route costs',
    'The same route of 1 kB behind nothing, behind our guards one after the other, and behind the stock ones. Each row is ' +
      'the one above it and one thing more, so the difference is where the microseconds go. Goal: the whole chain under ' +
      '25 us above the bare route with one hot token, under 50 us with 5,000 tokens.',
  ],
  [
    'tokens',
    'Signing, verifying and remembering tokens',
    'What the first request with a token costs, and what the memory of verified tokens takes.',
  ],
  [
    'dpop',
    'Tokens bound to a key',
    'What a proof costs at each request (RFC 9449), beside a bearer token on the same route.',
  ],
  [
    'blacklist',
    'The blacklist',
    'Goals for 1,000,000 entries: under 100 MB, under 1 us a look-up, under 3 s to load, no pause over 10 ms while entries expire.',
  ],
  [
    'revocation',
    'Revocations',
    'From the 204 of a sign-out on one process to the first 401 on another, and how many sign-outs one PostgreSQL carries. ' +
      'Goal: p99 under 50 ms. Plots and what follows from them: [revocation.md](revocation.md).',
  ],
  [
    'catalog',
    'Reading and searching the catalog',
    'A made-up catalog that is as uneven as a real one, at three sizes. The API, guards and headers and all, against bare ' +
      'Fastify with one prepared `pg` query that answers with the same bytes (goal for a product and a page: under 1.6 times its ' +
      'CPU), and against TypeORM entities with relations (goal: over 8 times cheaper). Goal for a search: p95 under 50 ms at ' +
      '1,000,000. Plots and what follows from them: [catalog.md](catalog.md#what-it-costs).',
  ],
  [
    'stock',
    'Changing a stock',
    'The one statement behind `POST /v1/variants/{id}/stock`, beside a guarded UPDATE of the stock and nothing else.',
  ],
  [
    'throttle',
    'Counting requests',
    'One hit in our storages, in the stock one of @nestjs/throttler, and in the Redis storage that is commonly taken. Goal: ' +
      'under 2 us a hit in memory, and bounded memory.',
  ],
  [
    'overload',
    'More sign-ins than can be hashed',
    'Goals with 500 at once: reads keep their p99 under 3 times that when idle, who is turned away is told within 100 ms, and ' +
      'those let in come to nine tenths of the hashes that the machine makes when it does nothing else. Plots and what ' +
      'follows from them: [throttling.md](throttling.md#more-than-the-machine-can-do).',
  ],
  [
    'imports',
    'Importing a catalog',
    'NDJSON into an empty catalog, beside one set-based SQL insert of the same products. Goals: at least half as fast, and ' +
      'the same memory for any number of products.',
  ],
  [
    'imports-memory',
    'The memory of imports and exports',
    'NDJSON into an empty catalog and out of it again, by a server and by the commands as an operator runs them, on both ' +
      'cores. Goal: memory that does not grow with the number of products. Plot: [catalog.md](catalog.md#in-and-out).',
  ],
];

const page = [
  '# Performance',
  '',
  'Written by `npm run bench:report` from `bench/results/`; do not edit it by hand. CPU is that of the server process, user ' +
    'and system, in microseconds a request. Server and load generator have a core each; variants are measured in turn, ' +
    'round by round, so that what disturbs the machine disturbs them all: ratios mean more than figures.',
  ...SECTIONS.filter(([name]) => existsSync(fileOf(name))).flatMap(sectionOf),
  '',
].join('\n');
await write(PAGE, page);
if (existsSync(fileOf('catalog'))) {
  const results = resultsOf('catalog');
  const parts = { questions: questionsOf(results), reads: readsOf(results) };
  const filled = Object.entries(parts).reduce(
    (text, [name, rows]) => fill(text, name, [runOf('catalog', results), '', ...tableOf(rows)]),
    readFileSync(CATALOG_PAGE, 'utf8'),
  );
  await write(CATALOG_PAGE, filled);
}

async function write(file, text) {
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

function fileOf(name) {
  return `bench/results/${name}.json`;
}

function resultsOf(name) {
  return JSON.parse(readFileSync(fileOf(name), 'utf8'));
}

function sectionOf([name, title, text]) {
  const results = resultsOf(name);
  const { tables, notes } = results;
  return [
    '',
    `## ${title}`,
    '',
    text,
    '',
    runOf(name, results),
    ...tables.flatMap(({ title: heading, rows }) => ['', `### ${heading}`, ''].concat(tableOf(rows))),
    '',
    ...notes.flatMap((note) => [`- ${note}`]),
  ];
}

/** When and where a benchmark was run. */
function runOf(name, { measuredAt, machine }) {
  const { cpu, cores, memoryGB, node, loadBefore, loadAfter } = machine;
  return (
    `\`npm run bench -- ${name}\`, ${measuredAt.slice(0, 10)}, ${cpu}, ${cores} cores, ${memoryGB} GB, Node ${node}; load ` +
    `before and after ${loadBefore[0]} and ${loadAfter[0]}.`
  );
}

/** Milliseconds that each question takes, by the number of products: median / 95th percentile. */
function questionsOf({ raw }) {
  return raw[0].searches.map(({ kind }) => {
    const cells = raw.map(({ size, searches }) => {
      const { p50, p95 } = searches.find((search) => search.kind === kind).times;
      return [size.toLocaleString('en'), `${p50.toFixed(1)} / ${p95.toFixed(1)}`];
    });
    return { asked: kind, ...Object.fromEntries(cells) };
  });
}

/** What each read costs, over all numbers of products. */
function readsOf({ tables }) {
  const all = tables.flatMap(({ rows }) => rows).filter(({ read }) => read !== undefined);
  return [...new Set(all.map(({ read }) => read))].map((read) => {
    const cell = (by, column) =>
      rangeOf(all.filter((row) => row.read === read && row.by === by).map((row) => row[column]));
    return {
      'a read': read,
      'the bare query, us': cell('bare Fastify and pg', 'us a request'),
      'a guest, us': cell('the API, a guest', 'us a request'),
      'times bare': cell('the API, a guest', 'times bare'),
      'a customer, times bare': cell('the API, signed in', 'times bare'),
      'entities, times a guest': cell('TypeORM entities with relations', 'times the API'),
    };
  });
}

/** The smallest and the largest of texts that begin with a number, with as many digits as they have. */
function rangeOf(texts) {
  const numbers = texts.map((text) => text.split(' ', 1)[0]).toSorted((one, other) => one - other);
  return numbers.length === 0 ? '' : `${numbers[0]} to ${numbers.at(-1)}`;
}

/** The page with other lines between the comments that mark a part of it. */
function fill(text, name, lines) {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) {
    throw new Error(`${CATALOG_PAGE} has no part from ${begin} to ${end}.`);
  }
  return [before + begin, '', ...lines, '', end + after].join('\n');
}

function tableOf(rows) {
  const columns = Object.keys(rows[0]);
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
  ];
}
