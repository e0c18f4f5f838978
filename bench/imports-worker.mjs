// Brings products into an empty database, in one of two ways: `import` as the API and the command do, `insert` with one
// statement a table for all of them, or for each 100,000. Prints milliseconds and the peak of its memory.
import 'reflect-metadata';
import { createReadStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { AppModule } from '../dist/app.module.js';
import { rebuildTree } from '../dist/catalog/categories/category-paths.js';
import { ProductDocuments } from '../dist/catalog/documents/product-documents.js';
import { ImportStore } from '../dist/catalog/imports/import-store.js';
import { ImportReceiver } from '../dist/catalog/imports/staging/import-receiver.js';
import { insertCategories, insertProducts } from '../dist/catalog/loading/insert-catalog.js';
import { loadSettings } from '../dist/config/load-settings.js';
import { sampleCatalog } from '../dist/seed/sample-catalog/sample-catalog.js';
import { copies } from './catalog-database.mjs';

/** More rows make a text that is too long for V8. */
const MOST_AT_ONCE = 100_000;

const [way, file, count] = process.argv.slice(2);
const app = await NestFactory.createApplicationContext(AppModule.with(loadSettings(process.env)), {
  logger: ['error', 'warn'],
});
const rssBefore = process.memoryUsage().rss;
const begin = performance.now();
const result = way === 'insert' ? await insert() : await importFile();
const milliseconds = performance.now() - begin;
process.stdout.write(
  `${JSON.stringify({ ...result, milliseconds, rssBefore, peakRss: process.resourceUsage().maxRSS * 1024 })}\n`,
);
await app.close();
process.exit(0);

async function insert() {
  const { categories, products } = sampleCatalog();
  const idsOfCategories = new Map(categories.map(({ slug }) => [slug, v7()]));
  await app.get(DataSource).transaction(async (manager) => {
    await insertCategories(manager, categories, idsOfCategories, new Date());
    await rebuildTree(manager);
    for (const part of inParts(copies(products, Number(count)), MOST_AT_ONCE)) {
      const ids = new Map(part.map(({ slug }) => [slug, v7()]));
      await insertProducts(manager, part, ids, idsOfCategories);
      // As `CatalogLoader` does: nobody else can gather statistics of what this transaction wrote.
      await manager.query('ANALYZE categories, products, product_categories, variants');
      await app.get(ProductDocuments).renew(manager, [...ids.values()]);
    }
  });
  return { products: Number(count) };
}

function* inParts(items, size) {
  let part = [];
  for (const item of items) {
    part.push(item);
    if (part.length === size) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) {
    yield part;
  }
}

async function importFile() {
  const id = await app.get(ImportReceiver).receive({
    body: createReadStream(file, { highWaterMark: 65_536 }),
    format: 'ndjson',
    currency: 'EUR',
    source: null,
    userId: null,
  });
  const stagedMs = performance.now() - begin;
  const store = app.get(ImportStore);
  let state = await store.find(id);
  while (state.finishedAt === null) {
    await pause(20);
    state = await store.find(id);
  }
  return { products: state.created, failed: state.failed, stagedMs };
}
