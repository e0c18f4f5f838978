import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../time/clock.js';
import type { LineFault } from '../formats/staged-line.js';
import { type BatchResult, BatchWriter, UNSTORABLE } from './batch/batch-writer.js';
import { refreshStatistics } from './batch/refresh-statistics.js';
import type { ReadChunk } from './chunk-reader.js';

// No older import is left.
const IS_NEXT = `NOT EXISTS (
    SELECT 1 FROM imports older
    WHERE older.status IN ('queued', 'running') AND (older.received_at, older.id) < (i.received_at, i.id))`;

const START = `
  UPDATE imports i SET status = 'running', started_at = $2, touched_at = $2
  WHERE id = $1 AND status = 'queued' AND ${IS_NEXT}`;

const COUNT = `
  UPDATE imports SET touched_at = $6,
    read = read + $2, created = created + $3, updated = updated + $4, failed = failed + $5 WHERE id = $1`;

const FINISH = `
  UPDATE imports SET status = 'completed', started_at = coalesce(started_at, $2), finished_at = $2, touched_at = $2
  WHERE id = $1 AND status IN ('queued', 'running') AND NOT EXISTS (SELECT 1 FROM import_chunks WHERE import_id = $1)`;

// A batch looks up some hundred rows by their keys and knows it. The planner does not while the statistics of a growing
// table are old: it would read whole tables, and take a second to compile what runs for a tenth of one.
const LOOK_UP_BY_KEY = `
  SELECT set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true)`;

const NOTHING_WRITTEN: BatchResult = { created: 0, updated: 0, faults: [] };

/** A chunk that has not been read. */
interface LeftChunk {
  readonly lines: readonly number[];
  readonly faults: readonly LineFault[];
}

/**
 * Works chunks off. One transaction writes the products of a chunk, removes the chunk, and counts: whoever is killed
 * in the middle of it leaves the chunk as it was, for itself or for another process.
 */
@Injectable()
export class ImportBatches {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly writer: BatchWriter,
    private readonly clock: Clock,
  ) {}

  /** Says that an import is running, unless an older one is not finished. */
  async start(importId: string): Promise<void> {
    await this.dataSource.query(START, [importId, this.clock.date()]);
  }

  /**
   * Writes a chunk; false when another process is at this import, or an older import is not finished.
   * @throws when the database is away or busy
   */
  async apply(importId: string, chunk: ReadChunk): Promise<boolean> {
    await refreshStatistics(this.dataSource, chunk.number);
    return this.dataSource.transaction(async (manager) => {
      if (!(await lock(manager, importId))) {
        return false;
      }
      await manager.query(LOOK_UP_BY_KEY);
      if (await take(manager, importId, chunk.number)) {
        const result = await this.writer.write(manager, importId, chunk.drafts);
        await this.count(manager, importId, chunk, result);
      }
      return true;
    });
  }

  /**
   * Reports every line of the first chunk that is left as failed: one that can never be written would keep all later
   * imports waiting.
   */
  async refuseFirst(importId: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const chunk = (await lock(manager, importId)) ? await takeFirst(manager, importId) : undefined;
      if (chunk) {
        const refused = chunk.lines.map((line) => ({ line, reason: UNSTORABLE }));
        const faults = [...chunk.faults, ...refused];
        await this.count(manager, importId, { drafts: [], faults }, NOTHING_WRITTEN);
      }
    });
  }

  /** Says that an import is complete, unless chunks of it are left. */
  async finish(importId: string): Promise<void> {
    await this.dataSource.query(FINISH, [importId, this.clock.date()]);
  }

  private async count(
    manager: EntityManager,
    importId: string,
    { drafts, faults: unread }: Pick<ReadChunk, 'drafts' | 'faults'>,
    { created, updated, faults: refused }: BatchResult,
  ): Promise<void> {
    const faults: LineFault[] = [...unread, ...refused];
    if (faults.length > 0) {
      await manager.query(
        `INSERT INTO import_errors (import_id, line, reason)
         SELECT $1, line, string_agg(reason, '; ') FROM json_to_recordset($2) AS row (line integer, reason text) GROUP BY line
         ON CONFLICT (import_id, line) DO UPDATE SET reason = import_errors.reason || '; ' || excluded.reason`,
        [importId, JSON.stringify(faults)],
      );
    }
    const read = drafts.length + unread.length;
    await manager.query(COUNT, [importId, read, created, updated, faults.length, this.clock.date()]);
  }
}

// Who holds the row works off the next chunk. The lock ends with the connection, so nobody waits for a dead process.
// Whoever comes to a later import while an older one is left, because that one is locked or has just failed, gets none.
const LOCK = `SELECT 1 FROM imports i WHERE id = $1 AND ${IS_NEXT} FOR NO KEY UPDATE SKIP LOCKED`;

async function lock(manager: EntityManager, importId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(LOCK, [importId]);
  return rows.length > 0;
}

/** Removes the chunk; false where it was not there any more. */
async function take(manager: EntityManager, importId: string, number: number): Promise<boolean> {
  const [, count]: [unknown, number] = await manager.query(
    'DELETE FROM import_chunks WHERE import_id = $1 AND number = $2',
    [importId, number],
  );
  return count === 1;
}

async function takeFirst(manager: EntityManager, importId: string): Promise<LeftChunk | undefined> {
  const [[chunk]]: [LeftChunk[], number] = await manager.query(
    `DELETE FROM import_chunks WHERE import_id = $1
       AND number = (SELECT min(number) FROM import_chunks WHERE import_id = $1)
     RETURNING lines, faults`,
    [importId],
  );
  return chunk;
}
