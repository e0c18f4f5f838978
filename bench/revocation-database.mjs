// How many sign-outs a second PostgreSQL itself carries: the transaction of a sign-out from several connections, with
// `pgbench`, which comes with PostgreSQL.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { runSql } from './bench-database.mjs';

const DEBIAN = '/usr/lib/postgresql';
const SESSIONS = 100_000;
const ANNOUNCEMENT = JSON.stringify([
  { reach: 'session', subject: '01a20b4b-ad7d-7257-9bbf-39ea02dddbb9', expiresAt: 1_795_485_842_000 },
]);
// As a process announces at most: one NOTIFY every 5 ms, of as many revocations as fit into it.
const FULL_ANNOUNCEMENT = JSON.stringify(Array.from({ length: 50 }, () => JSON.parse(ANNOUNCEMENT)[0]));
const ANNOUNCING_PROCESSES = 2;
const ANNOUNCEMENTS_A_SECOND = 200;

const SIGN_OUT = `
\\set number random(1, ${SESSIONS})
BEGIN;
UPDATE numbered SET ended_at = now() WHERE number = :number;
INSERT INTO revocations (id, reach, subject, expires_at, created_at)
VALUES (gen_random_uuid(), 'session', gen_random_uuid(), now() + interval '16 minutes', now());
COMMIT;
`;

const scripts = {
  never: SIGN_OUT,
  'in the transaction': SIGN_OUT.replace(
    'COMMIT;',
    `SELECT pg_notify('latchkey_revocations', '${ANNOUNCEMENT}');\nCOMMIT;`,
  ),
  'after the commit': SIGN_OUT,
};

/** Makes the table whose rows stand for sessions; answers with how to measure one announcement at so many connections. */
export async function preparePgbench(url) {
  await runSql(
    url,
    `CREATE TABLE numbered AS SELECT row_number() OVER ()::integer AS number, sessions.*
     FROM (SELECT * FROM sessions LIMIT 1) sessions, generate_series(1, ${SESSIONS})`,
  );
  await runSql(url, 'ALTER TABLE numbered ADD PRIMARY KEY (number)');
  await runSql(url, 'VACUUM ANALYZE numbered');
  return (announce, connections, seconds) => signOutsASecond(url, announce, connections, seconds);
}

async function signOutsASecond(url, announce, connections, seconds) {
  const listeners = await Promise.all(Array.from({ length: ANNOUNCING_PROCESSES }, () => listen(url)));
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-pgbench-'));
  const pgbench = (name, script, parameters) => {
    const file = join(folder, name);
    writeFileSync(file, script);
    const options = ['--no-vacuum', '--protocol=prepared', `--time=${seconds}`, `--file=${file}`];
    const cores = ['-c', '0,1'];
    return promisify(execFile)('taskset', [...cores, binary('pgbench'), ...options, ...parameters, url]);
  };
  try {
    const announcing =
      announce === 'after the commit' &&
      pgbench('announce', `SELECT pg_notify('latchkey_revocations', '${FULL_ANNOUNCEMENT}');`, [
        `--client=${ANNOUNCING_PROCESSES}`,
        `--rate=${ANNOUNCING_PROCESSES * ANNOUNCEMENTS_A_SECOND}`,
      ]);
    const { stdout } = await pgbench('sign-out', scripts[announce], [`--client=${connections}`]);
    await announcing;
    return Number(/^tps = ([\d.]+)/m.exec(stdout)[1]);
  } finally {
    await Promise.all(listeners.map((listener) => listener.end()));
    rmSync(folder, { recursive: true });
  }
}

async function listen(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('LISTEN latchkey_revocations');
  return client;
}

// Debian keeps it off the PATH.
function binary(name) {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const newest = versions.toSorted((one, other) => Number(other) - Number(one))[0];
  return newest ? join(DEBIAN, newest, 'bin', name) : name;
}
