import type { EntityManager } from 'typeorm';
import type { Revocation } from './revocation.js';

/**
 * How revocations reach the blacklist of every process. One implementation for the embedded database (one
 * process), one for PostgreSQL (LISTEN/NOTIFY); a stream could take their place.
 */
export abstract class RevocationFeed {
  /** Tells the other processes, in the transaction that writes the revocation: they hear of it at its commit. */
  abstract announce(manager: EntityManager, revocation: Revocation): Promise<void>;

  /** Whether nothing can have been missed within REVOCATION_MAX_STALENESS, so that memory may be trusted. */
  abstract isFresh(): boolean;
}
