import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isCurrency } from '../catalog/input/currency.js';
import { type ImportFormat, formatOfFile } from '../catalog/formats/import-format.js';
import { ImportStore } from '../catalog/imports/import-store.js';
import { ImportWorker } from '../catalog/imports/import-worker.js';
import { ImportReceiver } from '../catalog/imports/staging/import-receiver.js';
import { Settings } from '../config/settings.js';
import { showProgress } from './progress.js';
import { startCommandApp } from './command-app.js';
import { CommandError, runCommand } from './run-command.js';

const USAGE = 'Usage: npm run catalog:import -- FILE [--format ndjson|csv] [--currency EUR]';
const LOOK_EVERY_MS = 200;

interface Call {
  readonly file: string;
  readonly format: ImportFormat;
  readonly currency: string | undefined;
}

// npm run catalog:import -- FILE: imports a file. Run again after a kill, it goes on where it was, if it had read all of it.
runCommand(async () => {
  const call = readCall();
  const app = await startCommandApp();
  const store = app.get(ImportStore);
  const source = await sourceOf(call);
  const unfinished = await store.findUnfinished(source);
  if (unfinished !== null) {
    process.stderr.write(`Going on with import ${unfinished} of this file.\n`);
  }
  const id = unfinished ?? (await receive(call, source, app.get(ImportReceiver), app.get(Settings)));
  const failed = await watch(id, store, app.get(ImportWorker));
  await app.close();
  process.exitCode = failed > 0 ? 1 : 0;
});

function readCall(): Call {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { format: { type: 'string' }, currency: { type: 'string' } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new CommandError(USAGE);
  }
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new CommandError(`There is no file ${file}.`);
  }
  const format = values.format ?? formatOfFile(file);
  if (format !== 'ndjson' && format !== 'csv') {
    throw new CommandError(`Say how to read ${file}: with --format ndjson or --format csv.`);
  }
  if (values.currency !== undefined && !isCurrency(values.currency)) {
    throw new CommandError('--currency must be a currency code of ISO 4217 in upper case, such as EUR.');
  }
  return { file, format, currency: values.currency };
}

/** What tells the same file, read in the same way, again. */
async function sourceOf({ file, format, currency }: Call): Promise<string> {
  const hash = createHash('sha256').update(`${format} ${currency ?? ''} `);
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function receive(
  { file, format, currency }: Call,
  source: string,
  receiver: ImportReceiver,
  settings: Settings,
): Promise<string> {
  const progress = showProgress('Reading  ', statSync(file).size, 'bytes');
  let bytes = 0;
  const counted = new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      progress.update(bytes);
      done(null, piece);
    },
  });
  const body = createReadStream(file, { highWaterMark: 1_048_576 });
  const reading = pipeline(body, counted, { end: true });
  const id = await receiver.receive({
    body: counted,
    format,
    currency: currency ?? settings.IMPORT_CURRENCY,
    source,
    userId: null,
  });
  await reading;
  progress.stop();
  return id;
}

/** Shows how far it is until it is complete; answers with how many products failed. */
async function watch(id: string, store: ImportStore, worker: ImportWorker): Promise<number> {
  let state = await store.find(id);
  const progress = showProgress('Importing', state.staged, 'products');
  while (state.finishedAt === null) {
    worker.wake();
    await pause(LOOK_EVERY_MS);
    state = await store.find(id);
    progress.update(state.read, state.failed);
  }
  progress.update(state.read, state.failed);
  progress.stop();
  for await (const faults of store.errors(id)) {
    process.stderr.write(faults.map(({ line, reason }) => `line ${line}: ${reason}\n`).join(''));
  }
  const { read, created, updated, failed } = state;
  process.stdout.write(`${read} products read: ${created} created, ${updated} updated, ${failed} failed.\n`);
  return failed;
}
