import type pg from 'pg';

/**
 * A statement that pg prepares once a connection, and whose rows come as lists. Called with values, it answers with what
 * `RowSource.query` takes: the values are all that is its own, since pg copies what is, property by property, each time.
 */
export function preparedStatement(name: string, text: string): (...values: unknown[]) => pg.QueryArrayConfig {
  const shared = { name, text, rowMode: 'array' };
  return (...values) => Object.assign(Object.create(shared) as pg.QueryArrayConfig, { values });
}
