import type { EntityManager } from 'typeorm';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';

/**
 * Keeps the category tree as it is until the transaction ends: taken by every write of a product, before it
 * locks anything else, so that no document shows half of a move.
 */
export async function holdCategoryTree(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock_shared($1)', [ADVISORY_LOCKS.categoryTree]);
}

/** Keeps everybody else from writing to the catalog until the transaction ends: taken by every change of the category tree. */
export async function lockCategoryTree(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.categoryTree]);
}
