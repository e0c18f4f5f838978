import type { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../../../config/settings.js';
import { Problem } from '../../../http/problem.js';
import { Clock } from '../../../time/clock.js';
import { type ImportFormat, linesOf } from '../../formats/import-format.js';
import { ImportStore } from '../import-store.js';
import { ImportWorker } from '../import-worker.js';
import { inChunks } from './chunks.js';

const MEBIBYTE = 1_048_576;

/** How often a body that is slow to fill a chunk shows that it still comes. */
const TOUCH_EVERY_MS = 60_000;

/** What to receive. */
export interface Incoming {
  readonly body: Readable;
  readonly format: ImportFormat;
  /** Of prices that do not say theirs (CSV). */
  readonly currency: string;
  /** What tells the same file again, or `null`. */
  readonly source: string | null;
  /** Who sends it, or `null` for a command. */
  readonly userId: string | null;
}

/** Takes the body of an import in, chunk by chunk, and has it worked off when all of it is there. */
@Injectable()
export class ImportReceiver {
  private readonly logger = new Logger(ImportReceiver.name);

  constructor(
    private readonly store: ImportStore,
    private readonly worker: ImportWorker,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers with the id of the import when every byte has been received and kept.
   * @throws Problem `payload-too-large`, `bad-request` for a body that breaks off, or `unavailable` for one that was
   * given up: nothing of it is kept
   */
  async receive({ body, format, currency, source, userId }: Incoming): Promise<string> {
    const id = await this.store.open(source, userId);
    try {
      let number = 0;
      for await (const chunk of inChunks(linesOf(format, this.bounded(body, id), currency))) {
        await this.store.stage(id, number++, chunk);
      }
      // What a format did not want to read, because the file is broken, has to be received all the same.
      for await (const _ of this.bounded(body, id)) {
        // nothing of it is kept
      }
    } catch (error) {
      await this.store.discard(id);
      this.logger.warn(
        { importId: id, reason: String(error) },
        'An import was not received whole; nothing of it is kept',
      );
      throw isCutOff(error) ? cutOff() : error;
    }
    await this.store.enqueue(id);
    this.worker.wake();
    return id;
  }

  // Destroying the body of a request would take its connection along, and with it the answer.
  private async *bounded(body: Readable, id: string): AsyncGenerator<Buffer> {
    const limit = this.settings.IMPORT_MAX_SIZE * MEBIBYTE;
    let size = 0;
    let touchedAt = this.clock.now();
    if (body.readableEnded) {
      return;
    }
    for await (const piece of body.iterator({ destroyOnReturn: false })) {
      // A body is never decoded: its pieces are bytes.
      const bytes = piece as Buffer;
      size += bytes.length;
      if (size > limit) {
        throw new Problem(
          'payload-too-large',
          `An import has at most ${this.settings.IMPORT_MAX_SIZE} MiB.`,
          {
            headers: { connection: 'close' },
          },
        );
      }
      if (this.clock.now() - touchedAt >= TOUCH_EVERY_MS) {
        touchedAt = this.clock.now();
        await this.store.touch(id);
      }
      yield bytes;
    }
  }
}

// Node says so when the connection ends before the body does.
function isCutOff(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(ECONNRESET|ERR_STREAM_PREMATURE_CLOSE)$/.test(String(error.code))
  );
}

function cutOff(): Problem {
  return new Problem(
    'bad-request',
    'The body broke off before its end: nothing of it is kept. Send it again.',
  );
}
