// Starts the app as the README says, waits until it is ready with its seed, looks at it once and stops it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const port = 3900 + (process.pid % 90);
const url = `http://127.0.0.1:${port}`;
const folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'));
const database = process.env.DATABASE_URL && new URL(process.env.DATABASE_URL);
// Another Redis database than the tests count in: what they have used up of a limit must not count here.
const redis = process.env.REDIS_URL && new URL('/1', process.env.REDIS_URL);

async function sql(statement) {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(statement);
  await client.end();
}

if (database) {
  database.pathname = `/latchkey_start_${process.pid}`;
  await sql(`CREATE DATABASE "${database.pathname.slice(1)}"`);
}

/** Requests may take 15 s to end, and the rest of the stop a moment. */
const STOP_LIMIT_MS = 20_000;

const startedAt = performance.now();
const app = spawn('npm', ['start', '--silent'], {
  env: {
    ...process.env,
    PORT: String(port),
    DATA_DIR: folder,
    LOG_LEVEL: 'warn',
    ...(database && { DATABASE_URL: database.href }),
    ...(redis && { REDIS_URL: redis.href }),
  },
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true, // a process group of its own, so that nothing of it can outlive this check
});
let output = '';
app.stdout.on('data', (chunk) => (output += chunk));
const ended = new Promise((resolve) => app.once('exit', resolve));

function killGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') {
      throw error;
    }
  }
}

function adminPassword() {
  return /admin@latchkey\.example \/ (\S+)\s/.exec(output)?.[1];
}

async function ready() {
  try {
    return (await fetch(`${url}/health/ready`)).status === 200;
  } catch {
    return false;
  }
}

async function expectStatus(path, status, init) {
  const response = await fetch(`${url}${path}`, init);
  if (response.status !== status) {
    throw new Error(`${path} answered ${response.status} instead of ${status}`);
  }
  return response;
}

try {
  // The password is printed when the server listens, which may be a moment after it is ready.
  while (adminPassword() === undefined || !(await ready())) {
    if (performance.now() - startedAt > 60_000 || app.exitCode !== null) {
      throw new Error(`it does not get ready:\n${output}`);
    }
    await pause(100);
  }
  console.log(`ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  await expectStatus('/docs', 200);
  const { paths } = await (await expectStatus('/openapi.json', 200)).json();
  const { items } = await (await expectStatus('/v1/products?limit=100', 200)).json();
  if (Object.keys(paths).length < 10 || items.length !== 100) {
    throw new Error('the OpenAPI document or the seed is not there');
  }
  await expectStatus('/v1/auth/login', 200, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@latchkey.example', password: adminPassword() }),
  });
} finally {
  app.kill('SIGTERM');
  const code = await Promise.race([ended, pause(STOP_LIMIT_MS, 'still running', { ref: false })]);
  console.log(`stopped with code ${code}`);
  if (code !== 0) {
    process.exitCode = 1;
    killGroup(app.pid);
  }
  rmSync(folder, { recursive: true, force: true });
  if (database) {
    await sql(`DROP DATABASE "${database.pathname.slice(1)}" WITH (FORCE)`);
  }
}
