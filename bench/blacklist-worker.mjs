// One measurement in a process of its own, so that no other's memory is in it: `node --expose-gc blacklist-worker.mjs
// <what> <variant> <entries>`. Says its figures over IPC.
import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { KEPT, makeVariant } from './blacklist-variants.mjs';

/** Every fifth entry is looked up; the third of each ten is a session. */
const SAMPLED_EACH = 5;
const ID_LENGTH = 36;
const BATCH = 1000;
const ARRIVING_TOGETHER = 20;
/** Entries that come and go for each that stays, in the measurement of pauses. */
const GENERATIONS = 3;

const [what, variant, entries] = [process.argv[2], process.argv[3], Number(process.argv[4])];

/** Mostly sessions, some single tokens, some whole users; as text that was read from a socket, not put together. */
function makeRevocation(index) {
  const reach = ['token', 'user'][index % 10] ?? 'session';
  return { reach, subject: asRead(reach === 'token' ? randomUUID() : v7()), version: 2, expiresAt: 0 };
}

function asRead(text) {
  return Buffer.from(text, 'latin1').latin1Slice();
}

function bytesInUse() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Megabytes of all entries, and how long one look-up takes. */
function memoryAndTime() {
  const { clock, blacklist } = makeVariant(variant);
  const sampled = Buffer.alloc(Math.floor(entries / SAMPLED_EACH) * ID_LENGTH);
  const before = bytesInUse();
  for (let index = 0; index < entries; index++) {
    const expiresAt = clock.now() + 1 + (index / entries) * KEPT;
    const revocation = { ...makeRevocation(index), expiresAt };
    blacklist.add(revocation);
    if (index % SAMPLED_EACH === 2) {
      sampled.write(revocation.subject, Math.floor(index / SAMPLED_EACH) * ID_LENGTH, 'latin1');
    }
  }
  const megabytes = (bytesInUse() - before) / 1e6;
  const subjects = Array.from({ length: sampled.length / ID_LENGTH }, (_, number) =>
    sampled.latin1Slice(number * ID_LENGTH, (number + 1) * ID_LENGTH),
  );
  const claimsOf = (sid) => ({ jti: asRead(randomUUID()), sid, sub: asRead(v7()), ver: 1 });
  const hits = subjects.map(claimsOf);
  const misses = subjects.map(() => claimsOf(asRead(v7())));
  return { megabytes, hit: nanoseconds(blacklist, hits), miss: nanoseconds(blacklist, misses) };
}

/** A look-up, in batches of a thousand: what disturbs the machine falls out with the median. */
function nanoseconds(blacklist, claims) {
  const times = [];
  let found = 0;
  for (let round = 0; round < 3; round++) {
    for (let from = 0; from + BATCH <= claims.length; from += BATCH) {
      const begin = performance.now();
      for (let index = from; index < from + BATCH; index++) {
        found += blacklist.isRevoked(claims[index]) ? 1 : 0;
      }
      times.push(((performance.now() - begin) * 1e6) / BATCH);
    }
  }
  return { times, found };
}

/** The longest turns of the event loop while entries arrive, a few in each turn: at first alone, then as many expire. */
async function pauses() {
  const { clock, blacklist } = makeVariant(variant);
  const step = KEPT / entries;
  const filling = [];
  const expiring = [];
  let last = performance.now();
  for (let index = 0; index < entries * GENERATIONS; index += ARRIVING_TOGETHER) {
    const arriving = Array.from({ length: ARRIVING_TOGETHER }, (_, offset) => makeRevocation(index + offset));
    await new Promise(setImmediate);
    last = performance.now();
    for (const revocation of arriving) {
      clock.time += step;
      revocation.expiresAt = clock.time + KEPT;
      blacklist.add(revocation);
    }
    await new Promise(setImmediate);
    (index < entries ? filling : expiring).push(performance.now() - last);
  }
  return { filling: longest(filling), expiring: longest(expiring) };
}

function longest(turns) {
  return turns.toSorted((one, other) => other - one).slice(0, 100);
}

process.send(what === 'pauses' ? await pauses() : memoryAndTime());
process.disconnect();
