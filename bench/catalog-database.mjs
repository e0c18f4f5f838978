// A PostgreSQL database of its own for one benchmark, with a catalog of so many products made from the sample catalog.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from '../dist/app.module.js';
import { CatalogLoader } from '../dist/catalog/catalog-loader.js';
import { loadSettings } from '../dist/config/load-settings.js';
import { sampleCatalog } from '../dist/seed/sample-catalog/sample-catalog.js';
import { createBenchDatabase, runSql } from './bench-database.mjs';

const MINUTE = 60_000;

/** Makes the database and fills it; answers as `createBenchDatabase` does. */
export async function createCatalogDatabase(productCount) {
  const database = await createBenchDatabase();
  await fill(database.environment, productCount);
  await runSql(database.url, 'VACUUM ANALYZE');
  return database;
}

async function fill(environment, productCount) {
  const app = await NestFactory.createApplicationContext(AppModule.with(loadSettings(environment)), {
    logger: ['error'],
  });
  const catalog = enlarge(sampleCatalog(), productCount);
  await app.get(DataSource).transaction((manager) => app.get(CatalogLoader).loadIfEmpty(manager, catalog));
  await app.close();
}

/** The sample catalog over and over, so many products. */
export function enlarge({ categories, products }, productCount) {
  return { categories, products: [...copies(products, productCount)] };
}

/** Products over and over: all published, each copy with slugs, titles and SKUs of its own, a minute apart. */
export function* copies(products, count) {
  const money = (amount) => (amount === null ? null : { amount, currency: 'EUR' });
  const firstMinute = Date.UTC(2025, 0, 1);
  for (let index = 0; index < count; index++) {
    const product = products[index % products.length];
    const edition = Math.floor(index / products.length) + 1;
    const at = new Date(firstMinute + index * MINUTE).toISOString();
    yield {
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
  }
}
