import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { until } from './process.js';
import type { TestDatabase } from './test-database.js';

const BINARIES = '/usr/lib/postgresql';
const PATIENCE_MS = 20_000;
const run = promisify(execFile);

/** A PostgreSQL server of one suite, which it may stop and kill; the one that all suites share must go on. */
export class PrivatePostgres implements TestDatabase {
  readonly environment: TestDatabase['environment'];
  readonly url: string;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    /** PostgreSQL refuses to be run by root. */
    private readonly account: { readonly uid: number; readonly gid: number } | null,
  ) {
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    this.environment = {
      DATA_DIR: join(folder, 'app'),
      DATABASE_URL: this.url,
      KEY_ENCRYPTION_SECRET: randomBytes(32).toString('base64'),
    };
  }

  /** Makes an empty cluster in a temporary folder, on a free port, and starts it. */
  static async start(): Promise<PrivatePostgres> {
    const server = await PrivatePostgres.prepare();
    await server.run('initdb', ['--auth=trust', '--username=postgres', '--no-sync']);
    await server.start();
    return server;
  }

  private static async prepare(): Promise<PrivatePostgres> {
    const account = await unprivilegedAccount();
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'));
    if (account) {
      chownSync(folder, account.uid, account.gid);
    }
    return new PrivatePostgres(folder, await freePort(), account);
  }

  /** Makes a copy that streams from this one from now on, and starts it. It cancels at once what is in the way of that. */
  async startStandby(): Promise<PrivatePostgres> {
    const standby = await PrivatePostgres.prepare();
    const source = ['--host=127.0.0.1', `--port=${this.port}`, '--username=postgres'];
    await standby.run('pg_basebackup', [
      ...source,
      '--write-recovery-conf',
      '--checkpoint=fast',
      '--no-sync',
    ]);
    await standby.start();
    return standby;
  }

  /** Starts it, also after it was killed: what it left behind may take a moment to go. */
  async start(): Promise<void> {
    const options = `-p ${this.port} -k ${this.folder} -h 127.0.0.1 -c fsync=off -c max_standby_streaming_delay=0`;
    await until(async () => {
      try {
        await this.run('pg_ctl', ['start', '-w', '-l', join(this.folder, 'log'), '-o', options]);
        return true;
      } catch {
        return false;
      }
    }, PATIENCE_MS);
  }

  /** Stops it as an administrator would: connections are ended, what is committed is written out. */
  async stop(): Promise<void> {
    await this.run('pg_ctl', ['stop', '-w', '-m', 'fast']);
  }

  /** Ends it without warning (SIGKILL); the rest of it dies with its head. */
  kill(): void {
    const [id] = readFileSync(join(this.folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(id), 'SIGKILL');
  }

  async drop(): Promise<void> {
    await this.stop().catch(() => undefined); // a test that failed half-way may have left it stopped
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(program: string, parameters: readonly string[]): Promise<void> {
    const path = join(newestBinaries(), program);
    await run(path, ['-D', join(this.folder, 'data'), ...parameters], { ...this.account, cwd: this.folder });
  }
}

async function unprivilegedAccount(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) {
    return null;
  }
  const idOf = async (option: string): Promise<number> =>
    Number((await run('id', [option, 'postgres'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

function newestBinaries(): string {
  const versions = readdirSync(BINARIES).toSorted((one, other) => Number(other) - Number(one));
  return join(BINARIES, versions[0] ?? '', 'bin');
}
