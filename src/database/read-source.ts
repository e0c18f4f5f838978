import type pg from 'pg';
import type { EntityManager } from 'typeorm';

/** What can be asked for rows: the pool of a server, a replica, or a transaction. */
export interface ReadSource {
  query<Row extends pg.QueryResultRow>(
    statement: pg.QueryConfig | pg.QueryArrayConfig,
  ): Promise<{ readonly rows: Row[] }>;
}

/** Reads what a transaction of TypeORM sees. */
export function transactionSource(manager: EntityManager): ReadSource {
  return {
    query: async <Row>({ text, values }: pg.QueryConfig) => ({
      rows: await manager.query<Row[]>(text, values),
    }),
  };
}
