import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../../../time/clock.js';
import type { Revocation } from './revocation.js';
import type { RevocableClaims } from './token-blacklist.js';

/** Runs SQL and answers with the rows, whose type whoever wrote the SQL knows. */
export type Query = <Row>(sql: string, parameters?: unknown[]) => Promise<Row[]>;

/** A snapshot that no transaction had gone before. */
export const NOTHING_SEEN = '1:1:';

/** So many that they are read within a few milliseconds, and no request waits longer for them. */
const BATCH = 2000;
const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';

/** Where a batch ends, in the order of the index. */
interface Position {
  readonly transactionId: string;
  readonly id: string;
}

interface UnseenRow extends Position {
  readonly reach: Revocation['reach'];
  readonly subject: string;
  readonly version: number | null;
  readonly expiresAt: number;
}

/** Reads revocations from the database: what memory has not seen yet, or one token's when memory cannot be trusted. */
@Injectable()
export class RevocationStore {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Which transactions have been committed so far (`pg_current_snapshot`). */
  async snapshot(query: Query): Promise<string> {
    const [row] = await query<{ snapshot: string }>('SELECT pg_current_snapshot()::text AS snapshot');
    return row?.snapshot ?? NOTHING_SEEN;
  }

  /**
   * Every revocation that can still concern a token and that a snapshot did not see. Exact: transactions become visible
   * in another order than that of their ids or clocks, so neither is compared with what was read last.
   */
  async *unseenBy(snapshot: string, query: Query = this.query): AsyncGenerator<Revocation[]> {
    const begin = { transactionId: snapshot.split(':')[0] ?? '', id: BEFORE_ALL_IDS };
    let reading = this.readUnseen(snapshot, begin, query);
    for (;;) {
      const rows = await reading;
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) {
        yield rows.map(toRevocation);
        return;
      }
      // PostgreSQL reads the next batch while this one is taken in.
      reading = this.readUnseen(snapshot, last, query);
      yield rows.map(toRevocation);
    }
  }

  /** The blacklist's answer, asked of the database. */
  async isRevoked({ jti, sid, sub, ver }: RevocableClaims): Promise<boolean> {
    const rows = await this.query(
      `SELECT 1 FROM revocations
       WHERE (subject IN ($1, $2) AND reach <> 'user') OR (subject = $3 AND reach = 'user' AND version > $4) LIMIT 1`,
      [jti, sid, sub, ver],
    );
    return rows.length > 0;
  }

  private async readUnseen(snapshot: string, after: Position, query: Query): Promise<UnseenRow[]> {
    return query<UnseenRow>(
      `SELECT id, transaction_id::text AS "transactionId", reach, subject, version,
         (extract(epoch FROM expires_at) * 1000)::float8 AS "expiresAt"
       FROM revocations
       WHERE (transaction_id, id) > ($1::xid8, $2::uuid) AND expires_at > $3
         AND NOT pg_visible_in_snapshot(transaction_id, $4::pg_snapshot)
       ORDER BY revocations.transaction_id, id LIMIT ${BATCH}`,
      [after.transactionId, after.id, this.clock.date(), snapshot],
    );
  }

  private readonly query: Query = async (sql, parameters) => this.dataSource.query(sql, parameters);
}

function toRevocation({ reach, subject, version, expiresAt }: UnseenRow): Revocation {
  return reach === 'user'
    ? { reach, subject, version: version ?? 0, expiresAt }
    : { reach, subject, expiresAt };
}
