import { LRUCache } from 'lru-cache';
import { MAX_KEYS } from './memory-rate-limit-storage.js';
import type { Hit } from './rate-limit.js';
import { type MissingHits, countersOf } from './redis-counters.js';

/** How many counters are brought up to date in one round trip. */
const BATCH = 1000;

/** Hits that one process let in while Redis was away, kept until Redis can be told of them. Bounded like the counters. */
export class UnsharedHits {
  private readonly missing = new LRUCache<string, MissingHits>({ max: MAX_KEYS });

  /** Notes hits that were allowed. */
  note(hits: readonly Hit[], now: number): void {
    for (const hit of hits) {
      for (const [name, life] of countersOf(hit, now)) {
        this.missing.set(name, { hits: (this.missing.get(name)?.hits ?? 0) + 1, life });
      }
    }
  }

  /** Lets go of those on a key. */
  forget(hit: Hit, now: number): void {
    for (const [name] of countersOf(hit, now)) {
      this.missing.delete(name);
    }
  }

  /**
   * Tells Redis of all of them by `add`, and of those that are noted meanwhile. What Redis did not confirm is told again
   * the next time: better counted twice than not at all.
   * @throws Error when Redis does not answer
   */
  async share(add: (missing: readonly [string, MissingHits][]) => Promise<void>): Promise<void> {
    while (this.missing.size > 0) {
      const batch = this.takeSome();
      try {
        await add(batch);
      } catch (error) {
        this.putBack(batch);
        throw error;
      }
    }
  }

  private takeSome(): [string, MissingHits][] {
    const batch: [string, MissingHits][] = [];
    for (const entry of this.missing.entries()) {
      batch.push(entry);
      if (batch.length === BATCH) {
        break;
      }
    }
    batch.forEach(([name]) => this.missing.delete(name));
    return batch;
  }

  private putBack(batch: readonly [string, MissingHits][]): void {
    for (const [name, { hits, life }] of batch) {
      this.missing.set(name, { hits: hits + (this.missing.get(name)?.hits ?? 0), life });
    }
  }
}
