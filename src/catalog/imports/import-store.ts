import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { Problem } from '../../http/problem.js';
import { unavailable } from '../../http/unavailable.js';
import { Clock } from '../../time/clock.js';
import type { LineFault } from '../formats/staged-line.js';
import type { ImportStatus } from './import-status.js';
import type { Chunk } from './staging/chunks.js';

/** How far an import is. */
export interface ImportState {
  readonly status: ImportStatus;
  /** Lines to work off in all. */
  readonly staged: number;
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly failed: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

const STATE = `
  SELECT status, staged, read, created, updated, failed, started_at AS "startedAt", finished_at AS "finishedAt"
  FROM imports WHERE id = $1`;

// Behind all that wait already, also where the clock of the process that took them is ahead.
const ENQUEUE = `
  UPDATE imports SET status = 'queued', touched_at = $2, received_at = greatest($2, (
    SELECT max(received_at) + interval '1 millisecond' FROM imports WHERE status IN ('queued', 'running')))
  WHERE id = $1 AND status = 'receiving'`;

const ERRORS = `
  SELECT line, reason FROM import_errors WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT 1000`;

/** Imports as the database keeps them, from the first byte received to the answer to who asks how it went. */
@Injectable()
export class ImportStore {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Begins an import that is being received; `source` tells the same file again, `userId` who sends it. */
  async open(source: string | null, userId: string | null): Promise<string> {
    const id = v7();
    await this.dataSource.query(
      `INSERT INTO imports (id, status, source, user_id, received_at, touched_at)
       VALUES ($1, 'receiving', $2, $3, $4, $4)`,
      [id, source, userId, this.clock.date()],
    );
    return id;
  }

  /** Keeps a chunk until it is worked off. @throws Problem `unavailable` when the import has been given up meanwhile */
  async stage(id: string, number: number, { lines, texts, faults }: Chunk): Promise<void> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH receiving AS (
         UPDATE imports SET staged = staged + $6, touched_at = $7 WHERE id = $1 AND status = 'receiving' RETURNING id
       )
       INSERT INTO import_chunks (import_id, number, lines, body, faults)
       SELECT id, $2::integer, $3::integer[], $4::bytea, $5::jsonb FROM receiving RETURNING number`,
      [
        id,
        number,
        lines,
        Buffer.concat(texts.flatMap((text, index) => (index === 0 ? [text] : [LINE_END, text]))),
        JSON.stringify(faults),
        lines.length + faults.length,
        this.clock.date(),
      ],
    );
    refuseGivenUp(rows.length);
  }

  /** Says that its body is still coming. @throws Problem `unavailable` when the import has been given up meanwhile */
  async touch(id: string): Promise<void> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      `UPDATE imports SET touched_at = $2 WHERE id = $1 AND status = 'receiving'`,
      [id, this.clock.date()],
    );
    refuseGivenUp(count);
  }

  /**
   * Everything has been received: from now on it can be worked off, when those are finished that were queued before.
   * @throws Problem `unavailable` when the import has been given up meanwhile
   */
  async enqueue(id: string): Promise<void> {
    const [, count]: [unknown, number] = await this.dataSource.query(ENQUEUE, [id, this.clock.date()]);
    refuseGivenUp(count);
  }

  /** Nothing of it is kept but the fact. One that is no longer being received stays as it is. */
  async discard(id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [, count]: [unknown, number] = await manager.query(
        `UPDATE imports SET status = 'discarded', finished_at = $2 WHERE id = $1 AND status = 'receiving'`,
        [id, this.clock.date()],
      );
      // In a statement of its own, which sees the chunk of whoever held the row until now.
      if (count === 1) {
        await manager.query('DELETE FROM import_chunks WHERE import_id = $1', [id]);
      }
    });
  }

  /** @throws Problem `not-found` */
  async find(id: string): Promise<ImportState> {
    const [state] = await this.dataSource.query<ImportState[]>(STATE, [id]);
    if (!state) {
      throw new Problem('not-found', 'There is no such import.');
    }
    return state;
  }

  /** The import of the same file that is not finished, or `null`. */
  async findUnfinished(source: string): Promise<string | null> {
    const [found] = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM imports WHERE source = $1 AND status IN ('queued', 'running') ORDER BY received_at LIMIT 1`,
      [source],
    );
    return found?.id ?? null;
  }

  /** What was wrong, in the order of the lines, in pieces of 1000. */
  async *errors(id: string): AsyncGenerator<LineFault[]> {
    let last = 0;
    for (;;) {
      const faults = await this.dataSource.query<LineFault[]>(ERRORS, [id, last]);
      if (faults.length > 0) {
        yield faults;
      }
      if (faults.length < 1000) {
        return;
      }
      last = faults.at(-1)?.line ?? last;
    }
  }
}

const LINE_END = Buffer.from('\n');

function refuseGivenUp(rows: number): void {
  if (rows === 0) {
    throw unavailable('The import was given up, because nothing had come for too long. Send it again.');
  }
}
