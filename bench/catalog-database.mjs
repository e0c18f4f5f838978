// A PostgreSQL database of its own for one benchmark, with a catalog of so many products made from the sample catalog.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { AppModule } from '../dist/app.module.js';
import { CatalogLoader } from '../dist/catalog/catalog-loader.js';
import { loadSettings } from '../dist/config/load-settings.js';
import { sampleCatalog } from '../dist/seed/sample-catalog/sample-catalog.js';

const SERVER_URL = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const MINUTE = 60_000;

/** Makes the database, fills it, and answers with how the app is started on it and how to be rid of it. */
export async function createCatalogDatabase(productCount) {
  const name = `latchkey_bench_${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  await runSql(SERVER_URL, `CREATE DATABASE ${name}`);
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    DATA_DIR: folder,
    DATABASE_URL: url.href,
    THROTTLE_LIMIT: '10000000',
    ACCESS_TOKEN_TTL: '4h',
  };
  await fill(environment, productCount);
  await runSql(url.href, 'VACUUM ANALYZE');
  return {
    url: url.href,
    environment,
    drop: async () => {
      await runSql(SERVER_URL, `DROP DATABASE ${name} WITH (FORCE)`);
      rmSync(folder, { recursive: true });
    },
  };
}

async function fill(environment, productCount) {
  const app = await NestFactory.createApplicationContext(AppModule.with(loadSettings(environment)), {
    logger: ['error'],
  });
  const catalog = enlarge(sampleCatalog(), productCount);
  await app.get(DataSource).transaction((manager) => app.get(CatalogLoader).loadIfEmpty(manager, catalog));
  await app.close();
}

/** The sample catalog over and over: all published, each copy with slugs, titles and SKUs of its own, a minute apart. */
function enlarge({ categories, products }, productCount) {
  const money = (amount) => (amount === null ? null : { amount, currency: 'EUR' });
  const firstMinute = Date.UTC(2025, 0, 1);
  return {
    categories,
    products: Array.from({ length: productCount }, (_, index) => {
      const product = products[index % products.length];
      const edition = Math.floor(index / products.length) + 1;
      const at = new Date(firstMinute + index * MINUTE).toISOString();
      return {
        ...product,
        slug: `${product.slug}-${edition}`,
        title: `${product.title} ${edition}`,
        status: 'published',
        createdAt: at,
        publishedAt: at,
        variants: product.variants.map(({ sku, title, price, compareAtPrice, stock, options }) => ({
          sku: `${sku}-${edition}`,
          title,
          price: money(price + edition),
          compareAtPrice: money(compareAtPrice),
          stock,
          options,
        })),
      };
    }),
  };
}

/** Runs one statement on a connection of its own; answers with its rows. */
export async function runSql(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
