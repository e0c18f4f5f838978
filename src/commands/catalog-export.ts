import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { CatalogExport } from '../catalog/exports/catalog-export.js';
import { formatOfFile } from '../catalog/formats/import-format.js';
import { showProgress } from './progress.js';
import { startCommandApp } from './command-app.js';
import { CommandError, runCommand } from './run-command.js';

const USAGE = 'Usage: npm run catalog:export -- FILE [--format ndjson|csv]';

// npm run catalog:export -- FILE: writes all products to a file, which is there only when it is complete.
runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { format: { type: 'string' } },
  });
  const [file, ...more] = positionals;
  const format = values.format ?? (file === undefined ? null : formatOfFile(file));
  if (file === undefined || more.length > 0 || (format !== 'ndjson' && format !== 'csv')) {
    throw new CommandError(USAGE);
  }
  const app = await startCommandApp();
  const catalog = app.get(CatalogExport);
  const progress = showProgress('Exporting', await catalog.count(), 'products');
  let products = 0;
  const text = catalog.text(format, (count) => {
    products += count;
    progress.update(products);
  });
  const unfinished = `${file}.part`;
  try {
    await pipeline(Readable.from(text), createWriteStream(unfinished));
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  } finally {
    progress.stop();
  }
  process.stdout.write(`${products} products written to ${file}.\n`);
  await app.close();
});
