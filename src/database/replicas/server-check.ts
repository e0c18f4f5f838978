import pg from 'pg';

/** For how long connecting, and the answer, is waited for, in milliseconds. */
const TIMEOUT_MS = 2000;

/** What a server says of itself. */
export interface ServerState {
  readonly isStandby: boolean;
  /** How far its log (WAL) is, in bytes: written out by a primary, replayed by a standby. */
  readonly position: bigint;
  /** Which cluster and database it is; a standby has that of its primary. */
  readonly identity: string;
}

// A standby is sent what the primary has flushed; what is committed has been flushed, or with synchronous_commit off will
// be within a second.
const STATE = `
  SELECT pg_is_in_recovery() AS "isStandby",
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END - '0/0' AS position,
    (SELECT system_identifier FROM pg_control_system()) || '/' || current_database() AS identity`;

/** Asks a server how it is, on a connection of its own: where all others are busy, it can still be asked. */
export class ServerCheck {
  private readonly pool: pg.Pool;

  constructor(url: string) {
    this.pool = new pg.Pool({
      connectionString: url,
      application_name: 'latchkey replica checks',
      max: 1,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
      idleTimeoutMillis: 0,
    });
    this.pool.on('error', () => undefined); // the next question finds out
  }

  /** @throws Error where it does not answer in time */
  async ask(): Promise<ServerState> {
    const { rows } = await this.pool.query<Omit<ServerState, 'position'> & { position: string }>(STATE);
    const [state] = rows;
    if (!state) {
      throw new Error('the server says nothing of itself');
    }
    return { ...state, position: BigInt(state.position) };
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
