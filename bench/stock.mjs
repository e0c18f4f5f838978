// How many changes of stock a second PostgreSQL carries, by the very statement of the service (history, revision and
// document and all), beside the least that anybody could do: one guarded UPDATE of the stock alone.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { ADJUST_STOCK } from '../dist/catalog/stock/adjust-stock.sql.js';
import { runSql } from './bench-database.mjs';
import { createCatalogDatabase } from './catalog-database.mjs';
import { measureInTurn } from './servers.mjs';
import { median, middleHalf, ratios } from './statistics.mjs';

const PRODUCTS = Number(process.env.BENCH_PRODUCTS ?? 10_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 10;
const DIFFERENT = 1000;

const PLAIN = 'UPDATE variants SET stock = stock + $1 WHERE id = $2 AND stock + $1 >= 0';
const LOADS = ['one hot variant', `${DIFFERENT} different variants`];

const statements = {
  'the plain UPDATE': (id, delta) => ({ name: 'plain', text: PLAIN, values: [delta, id] }),
  'the service': (id, delta) => ({
    name: 'service',
    text: ADJUST_STOCK,
    values: [id, delta, randomUUID(), 'Sold in the shop', USER, new Date()],
  }),
};
const USER = randomUUID();

/** Measures everything; `log` is told how far it is. */
export async function run(log) {
  log(`loading ${PRODUCTS} products`);
  const database = await createCatalogDatabase(PRODUCTS);
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(database.url)));
  try {
    const ids = await variantsOfDifferentProducts(database.url);
    const results = await measureInTurn(casesOf(clients, ids), { rounds: ROUNDS, log });
    return report(results, await insistOnSums(database.url), await shareOfHotUpdates(database.url));
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await database.drop();
  }
}

async function connect(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** One variant of each of many products, all with enough to sell for the whole measurement. */
async function variantsOfDifferentProducts(url) {
  const rows = await runSql(
    url,
    `UPDATE variants SET stock = 500000000 WHERE id IN (
       SELECT DISTINCT ON (product_id) id FROM variants ORDER BY product_id, position LIMIT ${DIFFERENT})
     RETURNING id`,
  );
  await runSql(url, 'VACUUM ANALYZE');
  return rows.map(({ id }) => id);
}

function casesOf(clients, ids) {
  const loads = { [LOADS[0]]: ids.slice(0, 1), [LOADS[1]]: ids };
  return LOADS.flatMap((load) =>
    Object.entries(statements).map(([who, statement]) => ({
      name: `${load}, ${who}`,
      measure: () => changesASecond(clients, loads[load], statement),
    })),
  );
}

/** Every connection changes one stock after the other, a piece out and a piece in. */
async function changesASecond(clients, ids, statement) {
  const end = performance.now() + SECONDS * 1000;
  const begin = performance.now();
  const counts = await Promise.all(
    clients.map(async (client, worker) => {
      let count = 0;
      while (performance.now() < end) {
        const id = ids[(worker * 97 + count) % ids.length];
        const { rowCount } = await client.query(statement(id, count % 2 === 0 ? -1 : 1));
        if (rowCount !== 1) {
          throw new Error(`${rowCount} rows were changed`);
        }
        count++;
      }
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count) / ((performance.now() - begin) / 1000);
}

/** Each document must show what the last change in the history left; the plain UPDATE leaves no trace in either. */
async function insistOnSums(url) {
  const [{ changes, wrong }] = await runSql(
    url,
    `SELECT (SELECT count(*)::int FROM stock_adjustments) AS changes,
       (SELECT count(*)::int FROM (SELECT DISTINCT ON (variant_id) variant_id, stock_after
          FROM stock_adjustments ORDER BY variant_id, number DESC) last
        JOIN variants v ON v.id = last.variant_id JOIN product_documents d USING (product_id)
        WHERE NOT ('{' || d.tail)::jsonb -> 'variants' @> jsonb_build_array(
          jsonb_build_object('id', v.id, 'stock', last.stock_after))) AS wrong`,
  );
  if (changes === 0 || wrong > 0) {
    throw new Error(`${changes} changes in the history, ${wrong} documents that do not show them`);
  }
  return changes;
}

/** How many new versions of documents stayed on their page, so that no index was written. */
async function shareOfHotUpdates(url) {
  await runSql(url, 'SELECT pg_stat_clear_snapshot()');
  const [{ share }] = await runSql(
    url,
    `SELECT round(100.0 * n_tup_hot_upd / nullif(n_tup_upd, 0), 1)::float AS share
     FROM pg_stat_user_tables WHERE relname = 'product_documents'`,
  );
  return share;
}

function report(rates, changes, hotShare) {
  const rows = LOADS.flatMap((load) => {
    const plain = rates.get(`${load}, the plain UPDATE`);
    return Object.keys(statements).map((who) => {
      const values = rates.get(`${load}, ${who}`);
      return {
        load,
        by: who,
        'changes a second': middleHalf(values),
        'part of the plain UPDATE': values === plain ? '' : median(ratios(values, plain)).toFixed(2),
      };
    });
  });
  return {
    tables: [{ title: `PostgreSQL with ${PRODUCTS} products, ${CONNECTIONS} connections`, rows }],
    notes: [
      `Medians of ${ROUNDS} rounds of ${SECONDS} s (quartiles in brackets); the parts are taken round by round.`,
      'The service’s statement also keeps the change, raises the revision, and writes the tail of the document.',
      `${changes} changes are in the history; ${hotShare} % of the documents’ new versions touched no index (HOT).`,
    ],
    raw: Object.fromEntries(rates),
  };
}
