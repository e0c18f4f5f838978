import type { DataSource } from 'typeorm';
import { MovableClock } from '../../time/movable-clock.js';
import type { DpopProof } from './dpop-proof.js';
import { MAX_PROOFS, MemoryProofStore } from './memory-proof-store.js';
import { ProofStore } from './proof-store.js';

const NOW = 1_800_000_000;

/** Stands for the database: takes every proof, and says which. */
class RecordingStore extends ProofStore {
  readonly taken: string[] = [];

  async useOnce({ jti }: DpopProof): Promise<boolean> {
    this.taken.push(jti);
    return true;
  }
}

describe('the proofs in memory', () => {
  let clock: MovableClock;
  let database: RecordingStore;
  beforeEach(() => {
    clock = new MovableClock(NOW * 1000);
    database = new RecordingStore();
  });

  /** A store that starts while so many sessions are bound to keys. */
  async function startStore(boundSessions: number): Promise<MemoryProofStore> {
    const rows = Array.from({ length: boundSessions }, () => ({}));
    // All that is asked of the database is whether there are such sessions.
    const dataSource = { query: async () => rows } as unknown as DataSource;
    const store = new MemoryProofStore(dataSource, clock, database);
    await store.onModuleInit();
    return store;
  }

  const proof = (jti: string, iat = NOW): DpopProof => ({ jkt: 'k'.repeat(43), jti, iat });

  it('are used once, at once and without the database', async () => {
    const store = await startStore(0);

    const outcomes = [store.useOnce(proof('a')), store.useOnce(proof('a')), store.useOnce(proof('b'))];

    expect(outcomes).toEqual([true, false, true]);
    expect(database.taken).toEqual([]);
  });

  it('are known by key and jti together', async () => {
    const store = await startStore(0);

    const outcomes = [
      store.useOnce({ jkt: 'k'.repeat(43), jti: 'a', iat: NOW }),
      store.useOnce({ jkt: 'l'.repeat(43), jti: 'a', iat: NOW }),
      store.useOnce({ jkt: 'k'.repeat(43), jti: 'a', iat: NOW - 59 }),
    ];

    expect(outcomes).toEqual([true, true, false]);
  });

  it('are remembered for longer than anybody takes them, and forgotten then', async () => {
    const store = await startStore(0);
    await store.useOnce(proof('a', NOW + 60));

    clock.time = (NOW + 179) * 1000;
    const before = store.useOnce(proof('a', NOW + 60));
    clock.time = (NOW + 180 + 30) * 1000;
    await store.useOnce(proof('b', NOW + 180 + 30));

    expect(before).toBe(false);
    expect(store.size).toBe(1);
  });

  it('are noted in the database where they are ahead of the clock: another process must know them after this one', async () => {
    const store = await startStore(0);

    const outcomes = [store.useOnce(proof('now')), await store.useOnce(proof('ahead', NOW + 1))];

    expect(outcomes).toEqual([true, true]);
    expect(database.taken).toEqual(['ahead']);
  });

  it('are none that a process before this one may have taken', async () => {
    const store = await startStore(1);

    clock.time = (NOW + 61) * 1000;
    const outcomes = [
      store.useOnce(proof('before', NOW - 1)),
      store.useOnce(proof('just then', NOW)),
      await store.useOnce(proof('perhaps', NOW + 60)),
      store.useOnce(proof('after', NOW + 61)),
    ];

    expect(outcomes).toEqual([false, false, true, true]);
    expect(database.taken).toEqual(['perhaps']);
  });

  it('are 200,000 at most: past that nobody is let in until some are forgotten', async () => {
    const store = await startStore(0);
    for (let number = 0; number < MAX_PROOFS; number++) {
      await store.useOnce(proof(String(number)));
    }

    const full = () => store.useOnce(proof('one more'));
    expect(full).toThrow('More proofs are in use than can be remembered.');
    expect(store.useOnce(proof('0'))).toBe(false);
    expect(store.size).toBe(200_000);

    clock.time = (NOW + 150) * 1000;
    expect(store.useOnce(proof('one more', NOW + 150))).toBe(true);
    expect(store.size).toBe(1);
  });
});
