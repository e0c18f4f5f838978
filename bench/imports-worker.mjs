// Brings products into an empty database, in one of two ways: `import` as the API and the command do, `insert` with one
// statement a table for all of them. Prints milliseconds and the peak of its memory.
import 'reflect-metadata';
import { createReadStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from '../dist/app.module.js';
import { CatalogLoader } from '../dist/catalog/catalog-loader.js';
import { ImportStore } from '../dist/catalog/imports/import-store.js';
import { ImportReceiver } from '../dist/catalog/imports/staging/import-receiver.js';
import { loadSettings } from '../dist/config/load-settings.js';
import { sampleCatalog } from '../dist/seed/sample-catalog/sample-catalog.js';
import { enlarge } from './catalog-database.mjs';

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
  const catalog = enlarge(sampleCatalog(), Number(count));
  const products = await app
    .get(DataSource)
    .transaction((manager) => app.get(CatalogLoader).loadIfEmpty(manager, catalog));
  return { products };
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
