import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { Clock } from '../../time/clock.js';
import type { PrimaryLog } from './primary-log.js';
import { SESSION } from '../data-source-options.js';
import type { RowSource, Rows } from '../row-source.js';
import { ServerCheck, type ServerState } from './server-check.js';

/** For how long a connection is waited for before the primary is asked instead, in milliseconds. */
const CONNECTION_TIMEOUT_MS = 1000;

/** What a replica's answers are measured by. */
export interface PrimaryView {
  readonly source: RowSource;
  readonly log: PrimaryLog;
  /** See `ServerState`; `null` while the primary has not been heard. */
  identity: string | null;
}

/** How a replica is connected, and when it is too old to be asked. */
export interface ReplicaOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Milliseconds. */
  readonly maxLag: number;
}

/** Why a replica is not asked. */
type Trouble =
  | 'it does not answer'
  | 'it is no standby: it takes writes of its own'
  | 'it is a standby of another server, or another database, than DATABASE_URL'
  | 'it is further behind than REPLICA_MAX_LAG, or the primary has not been heard for so long';

/** A streaming replica. What it cannot answer, for whatever reason, is asked of the primary: no read fails for its sake. */
export class Replica implements RowSource {
  private readonly logger = new Logger(Replica.name);
  private readonly name: string;
  private readonly pool: pg.Pool;
  private readonly busy = new Set<pg.PoolClient>();
  private readonly server: ServerCheck;
  /** It is known to have everything that was committed by then. */
  private knownAsOf = Number.NEGATIVE_INFINITY;
  private trouble: Trouble | null = null;

  constructor(
    private readonly options: ReplicaOptions,
    private readonly primary: PrimaryView,
    private readonly clock: Clock,
  ) {
    this.name = new URL(options.url).host;
    this.server = new ServerCheck(options.url);
    this.pool = new pg.Pool({
      connectionString: options.url,
      application_name: 'latchkey reads',
      max: options.poolSize,
      connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      // Should it be a primary after all, nothing is written there.
      options: `${SESSION} -c default_transaction_read_only=on`,
    });
    this.pool.on('acquire', (client) => this.busy.add(client));
    this.pool.on('release', (_, client) => this.busy.delete(client));
    this.pool.on('error', () => undefined); // an idle connection has ended; the next check tells whether it matters
  }

  /** Whether its answers are now known to be no older than the bound. */
  get isFresh(): boolean {
    return this.clock.elapsed() - this.knownAsOf <= this.options.maxLag;
  }

  async query<Row extends pg.QueryResultRow>(
    statement: pg.QueryConfig | pg.QueryArrayConfig,
  ): Promise<Rows<Row>> {
    if (this.isFresh) {
      try {
        return await this.pool.query<Row>(statement);
      } catch (error) {
        // Recovery has cancelled it (40001), or the replica has gone; a fault of the statement the primary tells as well.
        this.logger.debug({ replica: this.name, err: error }, 'Asking the primary instead of a replica');
      }
    }
    return this.primary.source.query<Row>(statement);
  }

  /** Finds out whether it may be asked from now on. */
  async check(): Promise<void> {
    let state: ServerState;
    try {
      state = await this.server.ask();
    } catch (error) {
      this.refuse('it does not answer', error);
      this.cut();
      return;
    }
    if (!state.isStandby) {
      this.refuse('it is no standby: it takes writes of its own');
    } else if (this.primary.identity !== null && this.primary.identity !== state.identity) {
      this.refuse('it is a standby of another server, or another database, than DATABASE_URL');
    } else {
      this.judgeAge(state.position);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.server.close()]);
  }

  private judgeAge(position: bigint): void {
    this.knownAsOf = this.primary.log.momentOf(position) ?? Number.NEGATIVE_INFINITY;
    if (this.isFresh) {
      if (this.trouble !== null) {
        this.logger.log({ replica: this.name }, 'A replica is asked again');
      }
      this.trouble = null;
    } else if (this.primary.log.coversReach(this.clock.elapsed())) {
      this.refuse('it is further behind than REPLICA_MAX_LAG, or the primary has not been heard for so long');
    }
  }

  private refuse(trouble: Trouble, error?: unknown): void {
    this.knownAsOf = Number.NEGATIVE_INFINITY;
    if (this.trouble !== trouble) {
      this.trouble = trouble;
      this.logger.warn({ replica: this.name, err: error }, `A replica is not asked any more: ${trouble}`);
    }
  }

  // It may be frozen: what it has not answered yet fails with its connection, and so goes to the primary.
  private cut(): void {
    this.busy.forEach((client) => void client.end());
  }
}
