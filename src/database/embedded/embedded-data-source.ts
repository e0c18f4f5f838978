import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { DataSource } from 'typeorm';
import type { PostgresOptions } from '../data-source-options.js';
import { lockDataFolder } from './data-folder-lock.js';
import { type EmbeddedSession, embeddedSession } from './embedded-client.js';

/** A data source on PGlite (PostgreSQL in WebAssembly) in a folder, one connection at a time. */
export class EmbeddedDataSource extends DataSource {
  private constructor(
    options: PostgresOptions,
    private readonly pglite: PGlite,
    private readonly session: EmbeddedSession,
    private readonly unlock: () => void,
  ) {
    super({
      ...options,
      extra: { Client: session.Client, max: 1, idleTimeoutMillis: 0 },
    });
  }

  /**
   * Opens the database in `folder`, making it on first use.
   * @throws DataFolderInUseError when another process has it open
   */
  static async open(folder: string, options: PostgresOptions): Promise<EmbeddedDataSource> {
    const unlock = lockDataFolder(folder);
    try {
      const pglite = await PGlite.create(join(folder, 'postgres'));
      return new EmbeddedDataSource(options, pglite, embeddedSession(pglite), unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** Closes the connection, then the database, then frees the folder. */
  override async destroy(): Promise<void> {
    await super.destroy();
    await this.session.cleaned();
    await this.pglite.close();
    this.unlock();
  }
}
