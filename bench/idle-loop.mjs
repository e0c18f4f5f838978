// A program that does nothing, at the lowest priority, as long as nobody else wants the processor.
import { spawn } from 'node:child_process';

/** Starts one on these cores, such as `0,1`; ends with the process that started it. */
export function startIdleLoop(cores) {
  const loop = spawn('nice', ['-n', '19', 'taskset', '-c', cores, process.execPath, '-e', 'for (;;);'], {
    stdio: 'ignore',
  });
  const stop = () => loop.kill('SIGKILL');
  process.once('exit', stop);
  return {
    stop: () => {
      process.off('exit', stop);
      stop();
    },
  };
}
