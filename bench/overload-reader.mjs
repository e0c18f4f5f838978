// Reads at a steady pace in a thread of its own: where hundreds of people come again at once, sending for them all keeps
// an event loop busy for milliseconds, in which it would send no read and hear of no answer.
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Connection } from './load.mjs';

const { url, read, readers, perSecond, seconds } = workerData;

parentPort.postMessage(await readSteadily(), []);

/** Milliseconds from when each read was due to its answer. */
async function readSteadily() {
  const total = seconds * perSecond;
  const begin = performance.now();
  const times = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: readers }, async () => {
      const connection = new Connection(url);
      while (next < total) {
        const due = begin + (next++ * 1000) / perSecond;
        await pause(Math.max(0, due - performance.now()));
        const from = Math.min(due, performance.now()); // timers may be early, by less than a millisecond
        await connection.send(Buffer.from(read));
        times.push(performance.now() - from);
      }
      connection.close();
    }),
  );
  return times;
}
