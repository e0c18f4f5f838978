import { DataSource } from 'typeorm';
import { unavailable } from '../../http/unavailable.js';
import { Clock } from '../../time/clock.js';
import { type DpopProof, WINDOW_SECONDS } from './dpop-proof.js';
import { ProofStore, digestOfProof, rememberedUntil } from './proof-store.js';

/**
 * Remembers proofs for all processes, one row each, in a table that is not written to the WAL. PostgreSQL empties such
 * tables after a crash, and a standby has none: `dpop_proofs_since` is emptied with it, by which that is noticed.
 */
export class DatabaseProofStore extends ProofStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  async useOnce(proof: DpopProof): Promise<boolean> {
    try {
      return await this.insert(proof);
    } catch (error) {
      throw unavailable('Whether this proof was used before cannot be said right now.', error);
    }
  }

  private async insert(proof: DpopProof): Promise<boolean> {
    const inserted: unknown[] = await this.dataSource.query(
      `INSERT INTO dpop_proofs (digest, expires_at) SELECT $1, $2 FROM dpop_proofs_since WHERE since < $3
       ON CONFLICT DO NOTHING RETURNING 1`,
      [digestOfProof(proof), new Date(rememberedUntil(proof)), new Date(proof.iat * 1000)],
    );
    if (inserted.length === 1) {
      return true;
    }
    await this.beginAnewIfEmptied();
    return false;
  }

  // Whatever was used before is forgotten: proofs that may be among it are refused, up to the newest of them.
  private async beginAnewIfEmptied(): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO dpop_proofs_since (since) SELECT $1::timestamptz WHERE NOT EXISTS (SELECT FROM dpop_proofs_since)
       ON CONFLICT DO NOTHING`,
      [new Date(this.clock.now() + WINDOW_SECONDS * 1000)],
    );
  }
}
