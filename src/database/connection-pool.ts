import type pg from 'pg';
import { DataSource } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/**
 * The pool of connections under TypeORM, for statements that need nothing of TypeORM: it neither prepares
 * them by name nor leaves rows as they come. A connection on which a statement fails is thrown away.
 */
export function connectionPool({ driver }: DataSource): pg.Pool {
  if (!(driver instanceof PostgresDriver)) {
    throw new Error('The database is PostgreSQL, and no other.');
  }
  // TypeORM declares `master` as any; its PostgreSQL driver keeps a pg.Pool there.
  return driver.master as pg.Pool;
}
