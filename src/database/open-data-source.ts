import { DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import type { Settings } from '../config/settings.js';
import { ADVISORY_LOCKS } from './advisory-locks.js';
import { type PostgresOptions, dataSourceOptions } from './data-source-options.js';
import { EmbeddedDataSource } from './embedded/embedded-data-source.js';

/** A data source that is not yet initialised: PostgreSQL where `DATABASE_URL` is set, else embedded in `DATA_DIR`. */
export async function createDataSource(
  settings: Settings,
  more: Partial<PostgresOptions> = {},
): Promise<DataSource> {
  const options = { ...dataSourceOptions(settings), ...more };
  return settings.DATABASE_URL
    ? new DataSource(options)
    : EmbeddedDataSource.open(settings.DATA_DIR, options);
}

/** Opens the database and, unless `MIGRATE_ON_START` is off, brings its tables up to date. */
export async function openDataSource(
  settings: Settings,
  more: Partial<PostgresOptions> = {},
): Promise<DataSource> {
  const dataSource = await createDataSource(settings, more);
  try {
    await dataSource.initialize();
    if (settings.MIGRATE_ON_START) {
      await migrate(dataSource);
    }
  } catch (error) {
    if (dataSource.isInitialized) {
      await dataSource.destroy();
    }
    throw error;
  }
  return dataSource;
}

/** Runs the missing migrations and names them; processes that start together take turns. */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  // One connection for the lock and for the work: a pool of one has no second.
  const queryRunner = dataSource.createQueryRunner();
  try {
    await queryRunner.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCKS.migrations]);
    return await runMissing(dataSource, queryRunner);
  } finally {
    await queryRunner.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCKS.migrations]);
    await queryRunner.release();
  }
}

async function runMissing(dataSource: DataSource, queryRunner: QueryRunner): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource, queryRunner);
  executor.transaction = 'each';
  const done = await executor.executePendingMigrations();
  return done.map(({ name }) => name);
}
