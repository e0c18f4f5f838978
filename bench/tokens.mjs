// What access tokens cost: signing and verifying by algorithm, and remembering those that have been verified.
import { work } from './worker.mjs';
import { median, middleHalf } from './statistics.mjs';

const LIVING = [1, 5000, 50_000, 100_000];

/** Measures everything; `log` is told how far it is. */
export async function run(log) {
  const algorithms = await work('tokens-worker.mjs', ['algorithms']);
  log('algorithms measured');
  const memory = new Map();
  for (const count of LIVING) {
    memory.set(count, await work('tokens-worker.mjs', ['memory', count]));
    log(`${count} living tokens measured`);
  }
  return report(algorithms, memory);
}

function report(algorithms, memory) {
  return {
    tables: [
      {
        title: 'CPU microseconds a token, by algorithm',
        rows: Object.entries(algorithms).map(([algorithm, { sign, verify, stock }]) => ({
          algorithm,
          sign: middleHalf(sign),
          'verify in full': middleHalf(verify),
          'jsonwebtoken with a key as text': stock ? middleHalf(stock) : 'cannot',
        })),
      },
      {
        title: 'Verified tokens in memory',
        rows: [...memory].map(([count, { megabytes, hitRate, times }]) => ({
          'living tokens': count,
          MB: megabytes.toFixed(1),
          'found, %': (hitRate * 100).toFixed(1),
          'us a look-up': median(times).toFixed(2),
        })),
      },
    ],
    notes: [
      'Medians of 15 rounds of 200 (quartiles in brackets). “In full” is what the strategy does: shape, header, signature, ' +
        'claims; jsonwebtoken checks the signature and `exp` only.',
      'At most 50,000 tokens are remembered. Each request takes one of the living tokens at random, which is the worst case ' +
        'for a memory that is too small; one that is not found is verified in full.',
    ],
    raw: { algorithms, memory: Object.fromEntries(memory) },
  };
}
