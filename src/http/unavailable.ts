import { randomInt } from 'node:crypto';
import { Problem } from './problem.js';

/** Whoever is turned away comes again after so many seconds at most, drawn by lot: together they would be too many again. */
const MAX_RETRY_AFTER = 3;

/** Answers 503 to what cannot be done right now, and soon can (RFC 9110 15.6.4, 10.2.3). */
export function unavailable(detail: string, cause?: unknown): Problem {
  const retryAfter = randomInt(1, MAX_RETRY_AFTER + 1);
  return new Problem('unavailable', detail, { headers: { 'retry-after': String(retryAfter) }, cause });
}
