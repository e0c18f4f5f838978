import { randomInt } from 'node:crypto';
import { Problem } from './problem.js';

/** Whoever is turned away comes again after so many seconds at most, drawn by lot: together they would be too many again. */
const MAX_RETRY_AFTER = 3;

/** Answered to what the server has no time for right now, before it has cost any. */
export function tooBusy(detail: string): Problem {
  return new Problem('unavailable', detail, {
    headers: { 'retry-after': String(randomInt(1, MAX_RETRY_AFTER + 1)) },
  });
}
