// The memory of another process, as Linux counts it.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 200;
const KIBIBYTE = 1024;

/** The resident memory of a process in bytes, or `null` when it has ended. */
export function residentBytes(pid) {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(statusOf(pid));
  return found ? Number(found[1]) * KIBIBYTE : null;
}

/** Looks at a process again and again until the work is done; answers with what it held at how much of it: `[done, bytes]`. */
export async function watchMemory(pid, work, done) {
  const end = new AbortController();
  const over = work.finally(() => end.abort());
  const samples = [];
  while (!end.signal.aborted) {
    const bytes = residentBytes(pid);
    if (bytes !== null) {
      samples.push([await done(), bytes]);
    }
    await Promise.race([over, pause(EVERY_MS)]);
  }
  await over;
  return samples;
}

/** The most that was held in each of so many equal parts of the work. */
export function peaksOf(samples, whole, parts) {
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [part, part + 1].map((edge) => (edge * whole) / parts);
    const within = samples.filter(([done]) => done >= from && (done < to || part === parts - 1));
    return within.length === 0 ? null : Math.max(...within.map(([, bytes]) => bytes));
  });
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
