import type { DataSourceOptions } from 'typeorm';
import type { Settings } from '../config/settings.js';
import { migrations } from './migrations.js';
import { SnakeCaseNamingStrategy } from './snake-case-naming-strategy.js';

/** TypeORM's options for PostgreSQL, which it does not export by name. */
export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/**
 * Settings of every connection. Every statement here is short: compiling one would take longer than running it. And what
 * PostgreSQL assumes of the way to a page by default holds for a turning disk, not for memory and flash.
 */
export const SESSION = '-c TimeZone=UTC -c jit=off -c random_page_cost=1.1';

/** How TypeORM talks to PostgreSQL; the same for the app, its commands and the TypeORM CLI (`ormconfig.ts`). */
export function dataSourceOptions(settings: Settings): PostgresOptions {
  return {
    type: 'postgres',
    url: settings.DATABASE_URL,
    applicationName: 'latchkey',
    migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    connectTimeoutMS: 10_000,
    namingStrategy: new SnakeCaseNamingStrategy(),
    extra: { max: settings.DATABASE_POOL_SIZE, options: SESSION },
  };
}
