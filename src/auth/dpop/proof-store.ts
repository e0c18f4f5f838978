import { createHash } from 'node:crypto';
import { type DpopProof, WINDOW_SECONDS } from './dpop-proof.js';

// Longer than a proof is accepted: clocks of several processes differ a little, and may be set back.
const MARGIN_SECONDS = 60;

/**
 * Remembers the proofs that were used, so that none is used twice (RFC 9449 11.1). One implementation for the embedded
 * database (one process), one for PostgreSQL (all processes).
 */
export abstract class ProofStore {
  /**
   * Takes note of a proof: `false` where it was used before, or where that cannot be ruled out.
   * @throws Problem `unavailable` when it cannot be remembered
   */
  abstract useOnce(proof: DpopProof): boolean | Promise<boolean>;
}

/** By what a proof is known again: of one length, whatever its `jti`. */
export function digestOfProof({ jkt, jti }: DpopProof): Buffer {
  return createHash('sha256').update(`${jkt}.${jti}`).digest();
}

/** Until when a proof has to be remembered, in milliseconds since 1970. */
export function rememberedUntil({ iat }: DpopProof): number {
  return (iat + WINDOW_SECONDS + MARGIN_SECONDS) * 1000;
}
