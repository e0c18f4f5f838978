import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../../time/clock.js';
import type { LineFault } from '../formats/staged-line.js';
import { type Draft, isDraft, readDraft } from './read-draft.js';

/** A chunk that has been read: what can be written, and what cannot. */
export interface ReadChunk {
  readonly number: number;
  readonly drafts: readonly Draft[];
  readonly faults: readonly LineFault[];
}

interface ChunkRow {
  readonly number: number;
  readonly lines: readonly number[];
  readonly body: Buffer;
  readonly faults: readonly LineFault[];
}

const NEXT = `
  SELECT number, lines, body, faults FROM import_chunks WHERE import_id = $1 AND number > $2 ORDER BY number LIMIT 1`;

const LINE_FEED = 0x0a;

// Checking so many lines takes about a millisecond; then whoever else waits has a turn.
const LINES_A_TURN = 10;

/** Reads chunks and checks their lines, while the database is busy with the chunk before. */
@Injectable()
export class ChunkReader {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The first chunk behind that number which is not worked off, or `null`. */
  async next(importId: string, after: number): Promise<ReadChunk | null> {
    const [row] = await this.dataSource.query<ChunkRow[]>(NEXT, [importId, after]);
    if (!row) {
      return null;
    }
    const drafts: Draft[] = [];
    const faults: LineFault[] = [...row.faults];
    let start = 0;
    for (const [index, line] of row.lines.entries()) {
      const end = row.body.indexOf(LINE_FEED, start);
      const text = row.body.subarray(start, end === -1 ? undefined : end);
      start = end + 1;
      const read = readDraft({ line, text }, this.clock.date());
      if (isDraft(read)) {
        drafts.push(read);
      } else {
        faults.push(read);
      }
      if (index % LINES_A_TURN === LINES_A_TURN - 1) {
        await nextTurn();
      }
    }
    return { number: row.number, drafts, faults };
  }
}
