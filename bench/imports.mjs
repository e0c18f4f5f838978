// What importing costs: products a second and peak memory, beside one set-based SQL insert of the same products.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBenchDatabase, runSql } from './bench-database.mjs';
import { writeProducts } from './import-file.mjs';
import { median, middleHalf, ratios } from './statistics.mjs';

// How 1,000,000 go is measured by `npm run bench -- imports-memory`.
const SIZES = (process.env.BENCH_IMPORT_SIZES ?? '10000,100000').split(',').map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
// The one statement needs all its rows in memory; past this many it is left out.
const MOST_INSERTED = 100_000;
const WORKER = fileURLToPath(new URL('imports-worker.mjs', import.meta.url));
const MEBIBYTE = 2 ** 20;

/** Measures everything; `log` is told how far it is. */
export async function run(log) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-imports-'));
  const raw = [];
  try {
    for (const size of SIZES) {
      const file = join(folder, `${size}.ndjson`);
      await writeProducts(file, size);
      for (let round = 1; round <= ROUNDS; round++) {
        const inserted = size <= MOST_INSERTED ? await measure('insert', file, size) : null;
        const imported = await measure('import', file, size);
        raw.push({ size, round, inserted, imported });
        log(`${size} products, round ${round} of ${ROUNDS}: ${JSON.stringify({ inserted, imported })}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return report(raw);
}

async function measure(way, file, size) {
  const database = await createBenchDatabase();
  try {
    const { stdout } = await promisify(execFile)(
      'taskset',
      ['-c', '0', process.execPath, WORKER, way, file, String(size)],
      { env: { PATH: process.env.PATH, ...database.environment, IMPORT_MAX_SIZE: '10000' } },
    );
    const result = JSON.parse(stdout.trim().split('\n').at(-1));
    const [{ products }] = await runSql(
      database.url,
      'SELECT count(*)::int AS products FROM product_documents',
    );
    assert.deepEqual([result.products, products], [size, size]);
    return result;
  } finally {
    await database.drop();
  }
}

function report(raw) {
  const rows = SIZES.flatMap((size) => {
    const rounds = raw.filter((one) => one.size === size);
    const rates = (way) =>
      rounds.flatMap(({ [way]: one }) => (one ? [(size * 1000) / one.milliseconds] : []));
    const peaks = (way) => rounds.flatMap(({ [way]: one }) => (one ? [one.peakRss / MEBIBYTE] : []));
    const row = (way, by, ratio) => ({
      products: size,
      by,
      'products a second': rates(way).length > 0 ? middleHalf(rates(way)) : 'not tried',
      'of the insert': ratio,
      'peak MiB': peaks(way).length > 0 ? Math.round(median(peaks(way))) : '',
    });
    const inserted = rates('inserted');
    return [
      row('inserted', 'one set-based insert', ''),
      row(
        'imported',
        'an import',
        inserted.length > 0 ? median(ratios(rates('imported'), inserted)).toFixed(2) : '',
      ),
    ];
  });
  return {
    tables: [{ title: 'Importing into an empty catalog on PostgreSQL', rows }],
    notes: [
      `Medians of ${ROUNDS} rounds (quartiles in brackets), each way in an empty database of its own, in a process of its own.`,
      'An import is measured from the first byte read to `completed`: staged in the database, checked line by line, matched ' +
        'against what is there, written in batches of 500.',
      'The insert gets its rows unchecked and all at once, one statement a table, documents included.',
    ],
    raw,
  };
}
