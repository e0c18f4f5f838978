import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { DataSource } from 'typeorm';
import type { PostgresOptions } from '../data-source-options.js';
import { lockDataFolder } from './data-folder-lock.js';
import { type EmbeddedSession, embeddedSession } from './embedded-client.js';

/**
 * What initdb would write, with an eighth of the shared buffers: half the memory, and half the time to start. PGlite takes
 * it for the whole file.
 */
const POSTGRESQL_CONF = `
shared_buffers = 16MB
dynamic_shared_memory_type = posix
max_wal_size = 1GB
min_wal_size = 80MB
log_timezone = UTC
timezone = UTC
datestyle = 'iso, mdy'
lc_messages = C
lc_monetary = C
lc_numeric = C
lc_time = C
default_text_search_config = 'pg_catalog.english'
`;

/**
 * V8 of Node 24 may end the process while it frees WebAssembly code that has been compiled anew (“Check failed:
 * jit_page_->allocations_.erase(addr) == 1”, nodejs/node#64500): such code is kept, which costs nothing that can be measured.
 */
const KEEP_CODE = '--no-wasm-code-gc';

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
    setFlagsFromString(KEEP_CODE);
    try {
      const pglite = await PGlite.create({
        dataDir: join(folder, 'postgres'),
        postgresqlconf: POSTGRESQL_CONF,
        extensions: { pg_trgm, unaccent },
      });
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
