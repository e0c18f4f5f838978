import type pg from 'pg';
import type { EntityManager } from 'typeorm';

/** What a statement answers with. */
export interface Rows<Row> {
  readonly rows: Row[];
}

/** What can be asked for rows: the pool of a server, a replica, or a transaction. */
export interface ReadSource {
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig | pg.QueryArrayConfig): Promise<Rows<Row>>;
}

/** Reads what a transaction of TypeORM sees. */
export function transactionSource(manager: EntityManager): ReadSource {
  return {
    query: async <Row>({ text, values }: pg.QueryConfig): Promise<Rows<Row>> => ({
      rows: await manager.query<Row[]>(text, values),
    }),
  };
}
