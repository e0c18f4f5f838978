import { v7 } from 'uuid';
import { MAX_KEYS } from './memory-rate-limit-storage.js';
import type { Hit } from './rate-limit.js';
import { type MissingHits, countersOf } from './redis-counters.js';

/** How many counters are brought up to date in one round trip. */
const BATCH = 1000;

/** Hits that Redis is told of together: under one name, so that it takes them once however often it is told. */
export interface HitsToTell {
  readonly id: string;
  readonly missing: ReadonlyMap<string, MissingHits>;
}

/** Hits that one process let in while Redis was away, kept until Redis can be told of them. Bounded like the counters. */
export class UnsharedHits {
  private readonly missing = new Map<string, MissingHits>();
  private untold: { readonly id: string; readonly missing: Map<string, MissingHits> } | undefined;

  /** Notes hits that were allowed. */
  note(hits: readonly Hit[], now: number): void {
    for (const hit of hits) {
      for (const { name, life, endsAt } of countersOf(hit, now)) {
        this.missing.set(name, { hits: (this.missing.get(name)?.hits ?? 0) + 1, life, endsAt });
      }
    }
    for (const [oldest] of this.missing) {
      if (this.missing.size <= MAX_KEYS) {
        break;
      }
      this.missing.delete(oldest);
    }
  }

  /** Lets go of one that was noted at that time. */
  giveBack(hit: Hit, countedAt: number): void {
    for (const { name } of countersOf(hit, countedAt)) {
      const missing = this.missing.get(name);
      if (missing && missing.hits > 1) {
        this.missing.set(name, { ...missing, hits: missing.hits - 1 });
      } else {
        this.missing.delete(name);
      }
    }
  }

  /** Lets go of those on a key. */
  forget(hit: Hit, now: number): void {
    for (const { name, nameBefore } of countersOf(hit, now)) {
      for (const one of [name, nameBefore]) {
        this.missing.delete(one);
        this.untold?.missing.delete(one);
      }
    }
  }

  /** Whether there is nothing to tell. */
  get isEmpty(): boolean {
    return this.missing.size === 0 && this.untold === undefined;
  }

  /**
   * Tells Redis of some by `tell`; those whose windows are over are let go. What Redis did not confirm is told again, under
   * the same name. @throws Error when Redis does not answer
   */
  async shareSome(tell: (hits: HitsToTell) => Promise<void>, now: number): Promise<void> {
    this.untold ??= { id: v7(), missing: this.takeSome(now) };
    await tell(this.untold);
    this.untold = undefined;
  }

  private takeSome(now: number): Map<string, MissingHits> {
    const some = new Map<string, MissingHits>();
    for (const [name, missing] of this.missing) {
      this.missing.delete(name);
      if (missing.endsAt > now) {
        some.set(name, missing);
      }
      if (some.size === BATCH) {
        break;
      }
    }
    return some;
  }
}
