// Measurements in a process of their own, on a core of its own, so that no other's memory is in them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const WORKER_CORE = '0';

/** What a module of this folder has said over IPC (or its exit code, with `end` as 'exit'). */
export async function work(module, parameters, environment = {}, end = 'message') {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), parameters.map(String), {
    execPath: 'taskset',
    execArgv: ['-c', WORKER_CORE, process.execPath, '--expose-gc'],
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [[result]] = await Promise.all([once(child, end), once(child, 'exit')]);
  return result;
}
