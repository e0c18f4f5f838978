import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes that a UUIDv7 takes. */
const BYTES = 16;
const pool = Buffer.alloc(BYTES * 256);
let used = pool.length;

/** The id of a request in every answer (`X-Request-Id`), every log line and every problem (`instance`): a UUIDv7 of our own making. */
export function makeRequestId(): string {
  return v7({ random: nextRandom() });
}

// The generator of the system is asked once for 256 ids: a call for each costs 7 us.
function nextRandom(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES;
  return pool.subarray(used - BYTES, used);
}
