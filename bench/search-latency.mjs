// How long searches, facets, suggestions and filtered pages take in a large made-up catalog, one after the other:
// `node bench/search-latency.mjs NAME COUNT [KIND…]`, on a database that fill-large-catalog.mjs has filled.
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { pathToFileURL } from 'node:url';
import { AppModule } from '../dist/app.module.js';
import { CatalogReaders } from '../dist/catalog/catalog-readers.js';
import { readProductListQuery } from '../dist/catalog/documents/product-list-query.js';
import { loadSettings } from '../dist/config/load-settings.js';
import { adjectiveOf, brandOf, misspelt, nounOf, otherWordOf, randomFrom, zipf } from './large-catalog.mjs';
import { quantile, table } from './statistics.mjs';

const QUERIES = 200;

const noun = (random) => nounOf(zipf(random, 400));
const adjective = (random) => adjectiveOf(zipf(random, 1500));
const brand = (random) => brandOf(zipf(random, 2000)).toLowerCase();
const aWord = (random) => (random() < 0.7 ? noun(random) : adjective(random));
const sku = (random, count) =>
  `L-${Math.floor(random() * count)
    .toString(36)
    .toUpperCase()}-0`;
const shelf = (random) => `s${zipf(random, 400)}`;
const category = (random) =>
  random() < 0.2 ? `d${zipf(random, 10)}` : random() < 0.4 ? `r${zipf(random, 80)}` : shelf(random);

/** Words as they are drawn by those who search: common ones often, some misspelt, some with another word. */
function searched(random, count) {
  const kind = random();
  if (kind < 0.4) return noun(random);
  if (kind < 0.6) return `${adjective(random)} ${noun(random)}`;
  if (kind < 0.7) return brand(random);
  if (kind < 0.8) return `${brand(random)} ${noun(random)}`;
  if (kind < 0.9) return misspelt(aWord(random), random);
  if (kind < 0.95) return otherWordOf(zipf(random, 4000));
  return kind < 0.97 ? 'black' : sku(random, count);
}

const commonWord = (random) =>
  [
    () => nounOf(zipf(random, 8)),
    () => adjectiveOf(zipf(random, 20)),
    () => otherWordOf(zipf(random, 200)),
    () => 'black',
  ][Math.floor(random() * 4)]();

const filters = (random) => `category=${category(random)}&minPrice=2000&maxPrice=9000&inStock=true`;

/** What is asked, by kind: the query of a list, or what is typed for a suggestion. */
export const KINDS = {
  'search, mixed': (random, count) => `q=${searched(random, count)}`,
  'search, common words': (random) => `q=${commonWord(random)}`,
  'search, rare words': (random) => `q=${otherWordOf(2000 + Math.floor(random() * 900))}`,
  'search, two words': (random) => `q=${adjective(random)} ${noun(random)}`,
  'search, misspelt': (random) => `q=${misspelt(aWord(random), random)}`,
  'search, SKU': (random, count) => `q=${sku(random, count)}`,
  'search in a category': (random) => `q=${noun(random)}&${filters(random)}`,
  'search by price': (random) => `q=${noun(random)}&sort=price`,
  'search with facets': (random, count) => `q=${searched(random, count)}&facets=true`,
  'facets': () => 'facets=true',
  'facets of a category': (random) => `category=${category(random)}&facets=true`,
  'facets, filtered': (random) => `${filters(random)}&facets=true`,
  'page': () => '',
  'page of a category': (random) => `category=${category(random)}`,
  'filtered page, newest': (random) => filters(random),
  'filtered page, price': (random) => `${filters(random)}&sort=price`,
  'filtered page, -price': (random) => `${filters(random)}&sort=-price`,
  'filtered page, title': (random) => `${filters(random)}&sort=title`,
  'page of a brand': (random) => `brand=${brandOf(zipf(random, 2000))}`,
  'page by attribute': (random) => `attributes[color]=red&attributes[weight]=${10 * Math.ceil(500 * random() ** 2)}`,
  'total': () => 'count=true',
  'total of a search': (random) => `q=${noun(random)}&count=true`,
  'suggestion': (random) => aWord(random).slice(0, 1 + Math.ceil(random() * 4)),
  'suggestion, two words': (random) => `${adjective(random)} ${noun(random).slice(0, 3)}`,
  'suggestion, misspelt': (random) => misspelt(aWord(random), random).slice(0, 5),
}; // prettier-ignore
/** Asks each kind of question so many times, each a second time when all is warm; milliseconds by kind. */
export async function measureLatency(
  environment,
  count,
  { kinds = Object.keys(KINDS), log, limit = 60_000 },
) {
  const app = await NestFactory.createApplicationContext(AppModule.with(loadSettings(environment)), {
    logger: ['error'],
  });
  const { lists, suggestions } = app.get(CatalogReaders).for({ headers: {} });
  const ask = (kind, text) =>
    kind.startsWith('suggestion')
      ? suggestions.for(text)
      : lists.page(readProductListQuery(parametersOf(text)));
  const rows = [];
  for (const kind of kinds) {
    const random = randomFrom(4711);
    const times = [];
    const until = Date.now() + limit;
    for (let query = 0; query < QUERIES * 1.25 && Date.now() < until; query++) {
      const text = KINDS[kind](random, count);
      const start = performance.now();
      await ask(kind, text);
      const time = performance.now() - start;
      if (query >= QUERIES / 4 || until - Date.now() < limit / 2) {
        times.push(time);
        if (process.env.SLOW && time > Number(process.env.SLOW))
          log(`${kind}: ${text}: ${time.toFixed(1)} ms`);
      }
    }
    const at = (part) => quantile(times, part).toFixed(1);
    rows.push({ kind, p50: at(0.5), p95: at(0.95), max: at(1), queries: times.length });
    log(Object.values(rows.at(-1)).join('  '));
  }
  await app.close();
  return rows;
}

// The same at every run, for the signing keys that the first one leaves in the database.
const secretOf = (name) => createHash('sha256').update(name).digest('base64');

function parametersOf(text) {
  const parameters = {};
  for (const [name, value] of new URLSearchParams(text)) {
    parameters[name] = name in parameters ? [parameters[name], value].flat() : value;
  }
  return parameters;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [name, count, ...kinds] = process.argv.slice(2);
  const url = new URL(process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres');
  url.pathname = `/${name}`;
  const environment = {
    NODE_ENV: 'test',
    DATABASE_URL: url.href,
    MIGRATE_ON_START: 'false',
    KEY_ENCRYPTION_SECRET: secretOf(name),
  };
  const log = (line) => process.stderr.write(`${line}\n`);
  const rows = await measureLatency(environment, Number(count), {
    log,
    limit: Number(process.env.LIMIT_MS ?? 60_000),
    ...(kinds.length > 0 && { kinds }),
  });
  process.stdout.write(`${table(rows)}\n`);
}
