import type { Revocation } from './revocation.js';

/**
 * How revocations reach the blacklist of every process. One implementation for the embedded database (one
 * process), one for PostgreSQL (LISTEN/NOTIFY); a stream could take their place.
 */
export abstract class RevocationFeed {
  /** Tells the other processes of revocations that have been committed. Whom it does not reach finds them in the table. */
  abstract announce(revocations: readonly Revocation[]): void;

  /** Whether nothing can have been missed within REVOCATION_MAX_STALENESS, so that memory may be trusted. */
  abstract isFresh(): boolean;
}
