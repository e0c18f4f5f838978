import type { DataSource } from 'typeorm';
import type { Settings } from '../../config/settings.js';
import type { Clock } from '../../time/clock.js';
import { DatabaseProofStore } from './database-proof-store.js';
import { MemoryProofStore } from './memory-proof-store.js';
import type { ProofStore } from './proof-store.js';

/** The store that fits the database: all processes of a PostgreSQL server share one, a single process has its own. */
export function createProofStore(settings: Settings, dataSource: DataSource, clock: Clock): ProofStore {
  const shared = new DatabaseProofStore(dataSource, clock);
  return settings.DATABASE_URL ? shared : new MemoryProofStore(dataSource, clock, shared);
}
