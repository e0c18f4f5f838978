/** Keys of PostgreSQL's advisory locks, all in one place so that no two mean the same. */
export const ADVISORY_LOCKS = {
  /** Held while migrations run: processes that start together take turns. */
  migrations: 7_226_001,
  /** Held while the first signing key is made: all processes must agree on one. */
  keyRing: 7_226_002,
  /** Shared by writes of products, exclusive to changes of the category tree. */
  categoryTree: 7_226_003,
} as const;
