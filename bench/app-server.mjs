// The app as an operator starts it, in a process of its own on both cores.
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** One process of the app. */
export class AppServer {
  #child;
  #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  url;

  /** @param announce how revocations are announced: 'after the commit' as it is built, or see revocation-variant.mjs */
  static async start(environment, announce = 'after the commit') {
    const server = new AppServer();
    server.#child = spawn(
      'taskset',
      [
        '-c',
        '0,1',
        process.execPath,
        '--import',
        pathOf('revocation-variant.mjs'),
        pathOf('../dist/main.js'),
      ],
      {
        cwd: environment.DATA_DIR,
        env: {
          PATH: process.env.PATH,
          HOST: '127.0.0.1',
          PORT: '0',
          BENCH_ANNOUNCE: announce,
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    server.url = await new Promise((found, failed) => {
      let output = '';
      server.#child.stdout.on('data', (text) => {
        output += String(text);
        const url = /^Latchkey listens on (\S+)$/m.exec(output)?.[1];
        if (url !== undefined) {
          found(url);
        }
      });
      server.#child.once('exit', (code) => failed(new Error(`ended with ${code}:\n${output}`)));
    });
    return server;
  }

  /** The process that runs it: `taskset` has made way for it. */
  get pid() {
    return this.#child.pid;
  }

  /** The status of the answer to a request with this access token. */
  send(method, path, token) {
    return new Promise((answered, failed) => {
      const options = { method, agent: this.#agent, headers: { Authorization: `Bearer ${token}` } };
      request(`${this.url}${path}`, options, (response) => {
        response.resume();
        response.once('end', () => answered(response.statusCode));
      })
        .once('error', failed)
        .end();
    });
  }

  stop() {
    this.#agent.destroy();
    this.#child.kill('SIGKILL');
  }
}
