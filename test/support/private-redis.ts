import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';

/** A Redis server of one suite, which it may stop, freeze and start again; the one that all suites share must go on. */
export class PrivateRedis {
  readonly url: string;
  private server: ChildProcess | undefined;

  private constructor(private readonly port: number) {
    this.url = `redis://127.0.0.1:${port}`;
  }

  /** Starts an empty one on a free port. */
  static async start(): Promise<PrivateRedis> {
    const redis = new PrivateRedis(await freePort());
    await redis.start();
    return redis;
  }

  /** Starts it again, empty. */
  async start(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.server = spawn('redis-server', options, { stdio: 'ignore' });
    const client = new Redis(this.url, { maxRetriesPerRequest: null });
    client.on('error', () => undefined); // it tries again until the server is there
    await client.ping();
    client.disconnect();
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    const { server } = this;
    if (server && server.exitCode === null && server.signalCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
  }

  /** Lets it keep its connections and answer nobody. */
  freeze(): void {
    this.server?.kill('SIGSTOP');
  }

  /** Lets it go on. */
  thaw(): void {
    this.server?.kill('SIGCONT');
  }

  /** Asks it something on a connection of its own. */
  async ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.url);
    try {
      return await question(client);
    } finally {
      client.disconnect();
    }
  }
}
