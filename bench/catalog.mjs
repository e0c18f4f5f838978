// What reading the catalog costs: the API against bare Fastify with one prepared `pg` query for the same bytes.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { runSql } from './bench-database.mjs';
import { createCatalogDatabase } from './catalog-database.mjs';
import { fetchBody, getRequest, load } from './load.mjs';
import { measureInTurn, Server } from './servers.mjs';
import { median, middleHalf, ratios } from './statistics.mjs';

const PRODUCTS = Number(process.env.BENCH_PRODUCTS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 4000);
const WARM_UP = 10_000;
const DIFFERENT = 1000;

const moduleOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Measures everything; `log` is told how far it is. */
export async function run(log) {
  log(`loading ${PRODUCTS} products`);
  const database = await createCatalogDatabase(PRODUCTS);
  const options = { environment: database.environment };
  const servers = {
    house: await Server.start(moduleOf('catalog-house-server.mjs'), options),
    bare: await Server.start(moduleOf('catalog-bare-server.mjs'), options),
  };
  try {
    const reads = await readsOf(database.url, servers.house.url);
    await insistOnSameBytes(reads, servers);
    const results = await measureInTurn(casesOf(reads, servers, await servers.house.ask('token')), {
      rounds: ROUNDS,
      log,
    });
    return report(reads, results);
  } finally {
    Object.values(servers).forEach((server) => server.stop());
    await database.drop();
  }
}

/** What is read: paths of the API, and beside each the path of the bare server that answers the same. */
async function readsOf(databaseUrl, houseUrl) {
  const rows = await runSql(
    databaseUrl,
    `SELECT slug, product_id AS id, listed_at::text AS at FROM product_documents ORDER BY listed_at DESC`,
  );
  const spread = Array.from(
    { length: DIFFERENT },
    (_, index) => rows[Math.floor((index * rows.length) / DIFFERENT)],
  );
  const first = JSON.parse(await fetchBody(houseUrl, getRequest('/v1/products')));
  const deep = await pagesInTheMiddle(houseUrl, rows);
  return [
    {
      label: 'a product',
      paths: spread.map(({ slug }) => [`/v1/products/${slug}`, `/product/${slug}`]),
    },
    {
      label: 'the first page of 20',
      paths: [['/v1/products', `/page?nextCursor=${first.nextCursor}`]],
    },
    { label: `a page of 20 behind ${Math.floor(rows.length / 2)} others`, paths: deep },
  ];
}

/** Twenty pages in a row from the middle of the list, reached by a cursor of the API's own making. */
async function pagesInTheMiddle(houseUrl, rows) {
  const start = Math.floor(rows.length / 2);
  let { nextCursor: cursor } = JSON.parse(await fetchBody(houseUrl, getRequest('/v1/products')));
  cursor = cursorLike(cursor, rows[start - 1]);
  const paths = [];
  for (let pageNumber = 0; pageNumber < 20; pageNumber++) {
    const path = `/v1/products?cursor=${cursor}`;
    const { nextCursor } = JSON.parse(await fetchBody(houseUrl, getRequest(path)));
    const { at, id } = rows[start - 1 + pageNumber * 20];
    paths.push([path, `/page-after?at=${encodeURIComponent(at)}&id=${id}&nextCursor=${nextCursor}`]);
    cursor = nextCursor;
  }
  return paths;
}

/** A cursor of the same list that ends at another product. */
function cursorLike(cursor, { at, id }) {
  const value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  value.splice(-2, 2, at, id);
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function insistOnSameBytes(reads, { house, bare }) {
  for (const { paths } of reads) {
    for (const [ours, theirs] of paths.slice(0, 20)) {
      const [one, other] = [
        await fetchBody(house.url, getRequest(ours)),
        await fetchBody(bare.url, getRequest(theirs)),
      ];
      assert.equal(one, other, `${ours} and ${theirs} do not answer the same`);
    }
  }
}

function casesOf(reads, { house, bare }, token) {
  const authorization = { Authorization: `Bearer ${token}` };
  return reads.flatMap(({ label, paths }) => [
    caseOf(
      `${label}, bare`,
      bare,
      paths.map(([, theirs]) => getRequest(theirs)),
    ),
    caseOf(
      `${label}, guest`,
      house,
      paths.map(([ours]) => getRequest(ours)),
    ),
    caseOf(
      `${label}, signed in`,
      house,
      paths.map(([ours]) => getRequest(ours, authorization)),
    ),
  ]);
}

// Its first turn warms up the server, until V8 has compiled what it will.
function caseOf(name, server, requests) {
  let isWarm = false;
  return {
    name,
    measure: async () => {
      if (!isWarm) {
        await load(server.url, requests, WARM_UP);
        isWarm = true;
      }
      return server.measure(requests, REQUESTS);
    },
  };
}

function report(reads, cpu) {
  const rows = reads.flatMap(({ label }) => {
    const bare = cpu.get(`${label}, bare`);
    return ['bare', 'guest', 'signed in'].map((who) => {
      const values = cpu.get(`${label}, ${who}`);
      return {
        read: label,
        by: { bare: 'bare Fastify and pg', guest: 'the API, a guest', 'signed in': 'the API, signed in' }[
          who
        ],
        'us a request': middleHalf(values),
        'times bare': who === 'bare' ? '' : median(ratios(values, bare)).toFixed(2),
      };
    });
  });
  return {
    tables: [{ title: `PostgreSQL with ${PRODUCTS} products`, rows }],
    notes: [
      'CPU time of the server process a request.',
      `Medians of ${ROUNDS} rounds of ${REQUESTS} requests (quartiles in brackets), 20 keep-alive connections, ` +
        `${DIFFERENT} different products.`,
      '“Times bare” is taken round by round. Both answer the same bytes, which is checked before measuring.',
    ],
    raw: Object.fromEntries(cpu),
  };
}
