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

// 1,000,000 take a quarter of an hour: ask for them with BENCH_IMPORT_SIZES=10000,100000,1000000.
const SIZES = (process.env.BENCH_IMPORT_SIZES ?? '10000,100000').split(',').map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
/** More are measured once. */
const MOST_MEASURED_OFTEN = 100_000;
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
      const rounds = size <= MOST_MEASURED_OFTEN ? ROUNDS : 1;
      for (let round = 1; round <= rounds; round++) {
        const inserted = await measure('insert', file, size);
        const imported = await measure('import', file, size);
        raw.push({ size, round, inserted, imported });
        log(`${size} products, round ${round} of ${rounds}: ${JSON.stringify({ inserted, imported })}`);
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
    const rates = (way) => rounds.map(({ [way]: { milliseconds } }) => (size * 1000) / milliseconds);
    const peaks = (way) => rounds.map(({ [way]: { peakRss } }) => peakRss / MEBIBYTE);
    const row = (way, by, ratio) => ({
      products: size,
      by,
      'products a second': middleHalf(rates(way)),
      'of the insert': ratio,
      'peak MiB': Math.round(median(peaks(way))),
    });
    return [
      row('inserted', 'one set-based insert', ''),
      row('imported', 'an import', median(ratios(rates('imported'), rates('inserted'))).toFixed(2)),
    ];
  });
  return {
    tables: [{ title: 'Importing into an empty catalog on PostgreSQL', rows }],
    notes: [
      `Medians of ${ROUNDS} rounds (quartiles in brackets), of more than 100,000 products one, each way in an empty database of its own, in a process of its own.`,
      'An import is measured from the first byte read to `completed`: staged in the database, checked line by line, matched ' +
        'against what is there, written in batches of 500.',
      'The insert gets its rows unchecked and all at once, one statement a table for each 100,000 products, documents included, ' +
        'in one transaction.',
    ],
    raw,
  };
}
