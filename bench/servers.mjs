// Servers under test: each a process of its own on a core of its own, measured in turn.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { load } from './load.mjs';

const SERVER_CORE = '0';
const METER = fileURLToPath(new URL('cpu-meter.mjs', import.meta.url));

/** A running server. */
export class Server {
  #child;
  /** Where it listens. */
  url;

  /** Starts a module that prints "… listens on <url>". @throws Error with its output when it ends instead */
  static async start(module, { args = [], environment = {}, nodeOptions = [] } = {}) {
    const server = new Server();
    server.#child = fork(module, args, {
      execPath: 'taskset',
      execArgv: ['-c', SERVER_CORE, process.execPath, ...nodeOptions, '--import', METER],
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    server.url = await server.#listening();
    return server;
  }

  /** The answer to a question that the process understands. */
  ask(question) {
    return new Promise((answered) => {
      this.#child.once('message', answered);
      this.#child.send(question);
    });
  }

  /** CPU microseconds a request, over so many requests. Some before them warm up what others have cooled. */
  async measure(requests, count, { warmUp = requests, warmUpCount = Math.ceil(count / 10) } = {}) {
    await load(this.url, warmUp, warmUpCount);
    const before = await this.ask('cpu');
    await load(this.url, requests, count);
    return ((await this.ask('cpu')) - before) / count;
  }

  stop() {
    this.#child.disconnect();
  }

  #listening() {
    return new Promise((found, failed) => {
      let output = '';
      this.#child.stdout.on('data', (text) => {
        output += String(text);
        const url = /listens on (http\S+)/.exec(output)?.[1];
        if (url !== undefined) {
          found(url);
        }
      });
      this.#child.once('exit', (code) =>
        failed(new Error(`ended with ${code} before it listened:\n${output}`)),
      );
    });
  }
}

/** Measures one case after the other, and so round after round: what disturbs the machine disturbs them all. */
export async function measureInTurn(cases, { rounds, log }) {
  const results = new Map(cases.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const { name, measure } of cases) {
      results.get(name).push(await measure());
    }
    log(`round ${round} of ${rounds}`);
  }
  return results;
}
