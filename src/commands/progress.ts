import { SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 5000;

/** How far something is, in whatever it counts. */
export interface Progress {
  /** Says how far it is, and how many errors there were so far. */
  update(done: number, errors?: number): void;
  stop(): void;
}

/** A bar with rate and remaining time on a terminal, a line every few seconds anywhere else. On stderr. */
export function showProgress(what: string, total: number, unit: string): Progress {
  return process.stderr.isTTY ? bar(what, total, unit) : plainLines(what, total, unit);
}

function bar(what: string, total: number, unit: string): Progress {
  const begin = performance.now();
  const single = new SingleBar({
    format: `${what} {bar} {percentage}% | {value}/{total} ${unit} | {rate}/s | {eta_formatted} left | {errors} errors`,
    hideCursor: true,
    stream: process.stderr,
  });
  single.start(total, 0, { rate: 0, errors: 0 });
  return {
    update: (done, errors = 0) => single.update(done, { rate: rateOf(done, begin), errors }),
    stop: () => single.stop(),
  };
}

function plainLines(what: string, total: number, unit: string): Progress {
  const begin = performance.now();
  let last = begin;
  let line = '';
  const say = (): void => {
    process.stderr.write(line);
    line = '';
  };
  return {
    update: (done, errors = 0) => {
      line = `${what}: ${done} of ${total} ${unit}, ${rateOf(done, begin)}/s, ${errors} errors\n`;
      if (performance.now() - last >= LINE_EVERY_MS) {
        last = performance.now();
        say();
      }
    },
    stop: say,
  };
}

function rateOf(done: number, begin: number): number {
  return Math.round((done * 1000) / Math.max(1, performance.now() - begin));
}
