import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Problem } from '../../http/problem.js';
import { Clock } from '../../time/clock.js';
import { type DpopProof, WINDOW_SECONDS } from './dpop-proof.js';
import { ProofStore, digestOfProof, rememberedUntil } from './proof-store.js';

/** How many proofs are remembered at once: all that come in three minutes. About 75 bytes of heap each. */
export const MAX_PROOFS = 200_000;

const BUCKET_MS = 30_000;

/**
 * Remembers the proofs of a single process in buckets by expiry: forgetting is dropping the oldest. What an earlier
 * process may have taken is refused, or looked up: proofs that are ahead of the clock outlive a restart in the database.
 */
export class MemoryProofStore extends ProofStore implements OnModuleInit {
  private buckets = new Map<number, Set<string>>();
  /** Seconds since 1970; the process before, if there was one, took its last proof earlier. */
  private startedAt = -Infinity;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly ahead: ProofStore,
  ) {
    super();
  }

  /** Where no session is bound to a key, no earlier proof is of use to anybody. */
  async onModuleInit(): Promise<void> {
    const bound: unknown[] = await this.dataSource.query(
      'SELECT 1 FROM sessions WHERE jkt IS NOT NULL LIMIT 1',
    );
    this.startedAt = bound.length > 0 ? this.clock.now() / 1000 : -Infinity;
  }

  useOnce(proof: DpopProof): boolean | Promise<boolean> {
    if (proof.iat <= this.startedAt || !this.remember(proof)) {
      return false;
    }
    const wasEverAhead = proof.iat <= this.startedAt + WINDOW_SECONDS || proof.iat > this.clock.now() / 1000;
    return wasEverAhead ? this.ahead.useOnce(proof) : true;
  }

  /** How many proofs are remembered. */
  get size(): number {
    return [...this.buckets.values()].reduce((sum, bucket) => sum + bucket.size, 0);
  }

  private remember(proof: DpopProof): boolean {
    this.forgetExpired();
    const digest = digestOfProof(proof).toString('latin1');
    for (const bucket of this.buckets.values()) {
      if (bucket.has(digest)) {
        return false;
      }
    }
    if (this.size >= MAX_PROOFS) {
      throw new Problem('unavailable', 'More proofs are in use than can be remembered.', {
        headers: { 'retry-after': String(WINDOW_SECONDS) },
      });
    }
    const end = Math.ceil(rememberedUntil(proof) / BUCKET_MS) * BUCKET_MS;
    this.buckets.set(end, (this.buckets.get(end) ?? new Set()).add(digest));
    return true;
  }

  private forgetExpired(): void {
    const now = this.clock.now();
    for (const end of this.buckets.keys()) {
      if (end <= now) {
        this.buckets.delete(end);
      }
    }
  }
}
