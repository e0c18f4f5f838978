import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Settings } from '../config/settings.js';
import { dataSourceOptions } from './data-source-options.js';
import { DatabaseClock } from './database-clock.js';
import { DataFolderInUseError } from './embedded/data-folder-lock.js';
import { openDataSource } from './open-data-source.js';
import { Replicas } from './replicas/replicas.js';

/**
 * Opens the database, and its replicas, at start and closes them at shutdown; rooms register their entities with
 * `TypeOrmModule.forFeature`.
 */
@Module({})
export class DatabaseModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...dataSourceOptions(settings),
            autoLoadEntities: true,
            retryAttempts: settings.isProduction ? 10 : 1,
            toRetry: (error) => !(error instanceof DataFolderInUseError),
          }),
          dataSourceFactory: (options) =>
            openDataSource(settings, { entities: options?.entities, subscribers: options?.subscribers }),
        }),
      ],
      providers: [DatabaseClock, Replicas],
      exports: [DatabaseClock, Replicas],
    };
  }
}
