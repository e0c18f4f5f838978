// What a process holds in memory while it imports and exports a large catalog, by HTTP and by command.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { AppServer } from './app-server.mjs';
import { createBenchDatabase, runSql } from './bench-database.mjs';
import { writeProducts } from './import-file.mjs';
import { linePlot } from './plot.mjs';
import { peaksOf, residentBytes, watchMemory } from './process-memory.mjs';

// 1,000,000 takes some twenty minutes: ask for it with BENCH_MEMORY_PRODUCTS=1000000.
const PRODUCTS = Number(process.env.BENCH_MEMORY_PRODUCTS ?? 100_000);
// A command does what the server does once it has the file: a part of it shows that.
const BY_COMMAND = Math.min(PRODUCTS, 100_000);
const PARTS = 20;
const MEBIBYTE = 2 ** 20;
const NDJSON = 'application/x-ndjson';
const PLOT = fileURLToPath(new URL('../docs/import-memory.svg', import.meta.url));

/** Measures everything; `log` is told how far it is. */
export async function run(log) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-imports-'));
  const raw = [];
  const keep = (way, products, measured) => {
    const one = { way, products, ...measured };
    raw.push(one);
    log(JSON.stringify({ ...one, samples: undefined }));
  };
  try {
    const file = join(folder, 'catalog.ndjson');
    await onDatabase(async (database) => {
      await writeProducts(file, BY_COMMAND);
      keep('import by command', BY_COMMAND, await importByCommand(database, file));
    });
    await onDatabase(async (database) => {
      await writeProducts(file, PRODUCTS);
      keep('import by HTTP', PRODUCTS, await importByHttp(database, file));
      keep('export by HTTP, NDJSON', PRODUCTS, await exportByHttp(database, NDJSON));
      keep('export by HTTP, CSV', PRODUCTS, await exportByHttp(database, 'text/csv'));
      keep('export by command', PRODUCTS, await exportByCommand(database, join(folder, 'out.ndjson')));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  writeFileSync(PLOT, plotOf(raw));
  return report(raw);
}

async function onDatabase(work) {
  const database = await createBenchDatabase();
  database.environment.IMPORT_MAX_SIZE = '10000';
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

async function importByCommand(database, file) {
  const { pid, ended } = startCommand(database, 'catalog-import', file);
  const measured = await whileImporting(database, pid, ended);
  const [{ products }] = await runSql(
    database.url,
    'SELECT count(*)::int AS products FROM product_documents',
  );
  assert.equal(products, BY_COMMAND);
  return measured;
}

async function importByHttp(database, file) {
  const server = await AppServer.start(database.environment);
  try {
    const token = await signInAsEditor(server, database);
    const work = async () => {
      const sending = send(server, 'POST', '/v1/catalog/imports', token, { 'content-type': NDJSON });
      const [[response]] = await Promise.all([
        once(sending, 'response'),
        pipeline(createReadStream(file), sending),
      ]);
      response.resume();
      assert.equal(response.statusCode, 202);
      while ((await importState(database.url)).status !== 'completed') {
        await pause(200);
      }
    };
    const measured = await whileImporting(database, server.pid, work());
    const { created } = await importState(database.url);
    assert.equal(created, PRODUCTS);
    return measured;
  } finally {
    server.stop();
  }
}

async function whileImporting(database, pid, work) {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const tables = "SELECT to_regclass('imports') IS NOT NULL AS are_there";
    const done = async () => {
      const [{ are_there: areThere }] = (await client.query(tables)).rows;
      return areThere ? ((await client.query('SELECT read FROM imports')).rows[0]?.read ?? 0) : 0;
    };
    return await measure(pid, work, done);
  } finally {
    await client.end();
  }
}

async function importState(url) {
  const [state] = await runSql(url, 'SELECT status, created FROM imports');
  return state ?? { status: 'none' };
}

async function exportByHttp(database, accept) {
  const server = await AppServer.start(database.environment);
  try {
    const token = await signInAsEditor(server, database);
    let bytes = 0;
    const work = async () => {
      const sending = send(server, 'GET', '/v1/catalog/export', token, { accept });
      sending.end();
      const [response] = await once(sending, 'response');
      assert.equal(response.statusCode, 200);
      for await (const piece of response) {
        bytes += piece.length;
      }
    };
    return await measure(server.pid, work(), () => bytes);
  } finally {
    server.stop();
  }
}

async function exportByCommand(database, file) {
  const { pid, ended } = startCommand(database, 'catalog-export', file);
  const done = () => statSync(`${file}.part`, { throwIfNoEntry: false })?.size ?? 0;
  return measure(pid, ended, done);
}

/** Milliseconds of the work, what the process held before it, and at how much of it what. */
async function measure(pid, work, done) {
  const before = residentBytes(pid);
  const begin = performance.now();
  const samples = await watchMemory(pid, work, done);
  return { milliseconds: performance.now() - begin, before, samples };
}

function startCommand(database, name, file) {
  const child = spawn(
    'taskset',
    [
      '-c',
      '0,1',
      process.execPath,
      fileURLToPath(new URL(`../dist/commands/${name}.js`, import.meta.url)),
      file,
    ],
    { env: { PATH: process.env.PATH, ...database.environment }, stdio: ['ignore', 'ignore', 'ignore'] },
  );
  const ended = once(child, 'exit').then(([code]) => assert.equal(code, 0));
  return { pid: child.pid, ended };
}

/** A token of the one editor, who is made where there is none. */
async function signInAsEditor({ url }, database) {
  const post = (path, body) =>
    fetch(`${url}/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'editor@example.com', password: 'correct horse battery', ...body }),
    });
  await post('register');
  await runSql(database.url, "UPDATE users SET roles = '{customer,editor}'");
  const { accessToken } = await (await post('login', { delivery: 'body' })).json();
  return accessToken;
}

function send(server, method, path, token, headers) {
  return request(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
}

function curveOf({ samples }) {
  return peaksOf(samples, samples.at(-1)[0], PARTS);
}

function report(raw) {
  const inMebibytes = (bytes) => Math.round(bytes / MEBIBYTE);
  const rows = raw.map(({ way, products, milliseconds, ...one }) => {
    const curve = curveOf(one).filter((bytes) => bytes !== null);
    const at = (part) => inMebibytes(curve[Math.min(curve.length - 1, Math.floor(part * curve.length))]);
    return {
      way,
      products,
      'products a second': Math.round((products * 1000) / milliseconds),
      'MiB at a tenth': at(0.1),
      'at half': at(0.5),
      'at the end': at(1),
      most: inMebibytes(Math.max(...one.samples.map(([, bytes]) => bytes))),
    };
  });
  return {
    tables: [{ title: 'Resident memory of the process over the course', rows }],
    notes: [
      'By HTTP: of a server that was started for it. An import counts from the first byte sent to `completed`; by command, ' +
        'from the start of the process to its end.',
      'Each figure is the most that was held in a twentieth of the work.',
    ],
    raw: raw.map(({ samples: _, ...one }) => ({ ...one, curve: curveOf({ samples: _ }) })),
  };
}

function plotOf(raw) {
  return linePlot({
    title: 'Memory of the process while it imports and exports',
    subtitle: `MiB resident, over the part of ${PRODUCTS.toLocaleString('en')} products that is done`,
    labels: Array.from({ length: PARTS }, (_, part) =>
      part % 2 === 1 ? `${((part + 1) * 100) / PARTS} %` : '',
    ),
    series: raw
      .filter(({ products }) => products === PRODUCTS)
      .map((one) => ({
        name: one.way,
        // A part that was over between two looks is as the one before it.
        values: curveOf(one).map(
          (bytes, part, all) => (bytes ?? all.slice(0, part).findLast(Boolean) ?? 0) / MEBIBYTE,
        ),
      })),
  });
}
