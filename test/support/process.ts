import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, Client } from './client.js';

/** The password of every account that these helpers make. */
export const PASSWORD = 'correct horse battery';

const { TEST_FOLDER = '', REDIS_URL } = process.env;

const DEFAULTS: Readonly<Record<string, string>> = {
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: '0',
  MAX_EVENT_LOOP_DELAY: '60000',
  THROTTLE_LIMIT: '1000000',
  THROTTLE_AUTH_LIMIT: '1000000',
  THROTTLE_ACCOUNT_LIMIT: '1000',
  THROTTLE_DEVICE_LIMIT: '1000',
  THROTTLE_RESET_LIMIT: '1000000',
  ...(REDIS_URL && { REDIS_URL }),
};

const started = new Set<AppProcess>();

/** A process of its own that runs the built app, as an operator starts it. */
export class AppProcess {
  /** Everything printed on standard output so far. */
  output = '';
  /** Everything printed on standard error so far. */
  errors = '';
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  private readonly child;
  private readonly address: Promise<string>;

  /** Nothing of this process's environment is handed on; the folder it runs in holds no `.env`. */
  constructor(environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [resolve('dist/main.js')], {
      cwd: TEST_FOLDER,
      env: { ...DEFAULTS, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.add(this);
    const { child } = this;
    child.stderr.on('data', (text) => (this.errors += String(text)));
    this.ended = new Promise((done) => {
      child.once('close', (code, signal) => {
        started.delete(this);
        done(code ?? signal);
      });
    });
    this.address = new Promise((found, failed) => {
      child.stdout.on('data', (text) => {
        this.output += String(text);
        const url = /^Latchkey listens on (\S+)$/m.exec(this.output)?.[1];
        if (url !== undefined) {
          found(url);
        }
      });
      void this.ended.then((how) =>
        failed(new Error(`ended (${how}) before it listened:\n${this.output}${this.errors}`)),
      );
    });
    this.address.catch(() => undefined); // not everybody waits for it
  }

  get id(): number {
    return this.child.pid ?? 0;
  }

  /** Whoever speaks to it, as soon as it listens. @throws Error with its output when it ends instead */
  async listening(): Promise<Client> {
    return new Client(await this.address);
  }

  /** Asks it to stop (SIGTERM). */
  async stop(): Promise<number | NodeJS.Signals | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  /** Ends it without warning (SIGKILL). */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Ends every process that is still running; for `afterAll`. */
export async function killProcesses(): Promise<void> {
  await Promise.all([...started].map((one) => one.kill()));
}

/** Makes an account. */
export async function register(client: Client, email: string): Promise<Answer> {
  return client.post('/v1/auth/register', { email, password: PASSWORD });
}

/** Opens a session, with the refresh token in the body. */
export async function login(client: Client, email: string): Promise<Answer> {
  return client.post('/v1/auth/login', { email, password: PASSWORD, delivery: 'body' });
}

/** Asks until it is so, and says after how many milliseconds it was. @throws Error when it takes longer than that */
export async function until(isSo: () => Promise<boolean> | boolean, limitMs: number): Promise<number> {
  const begin = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begin > limitMs) {
      throw new Error(`still not so after ${limitMs} ms`);
    }
    await pause(10);
  }
  return performance.now() - begin;
}
