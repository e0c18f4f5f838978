import type pg from 'pg';
import type { EntityManager } from 'typeorm';

/** What a statement answers with. */
export interface Rows<Row> {
  readonly rows: Row[];
}

/** What answers a statement with rows: the pool of a server, a replica (which only reads), or a transaction. */
export interface RowSource {
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig | pg.QueryArrayConfig): Promise<Rows<Row>>;
}

/** Asks within a transaction of TypeORM, where no statement is prepared. */
export function transactionSource(manager: EntityManager): RowSource {
  return {
    query: async <Row>({ text, values }: pg.QueryConfig): Promise<Rows<Row>> => ({
      rows: await manager.query<Row[]>(text, values),
    }),
  };
}
