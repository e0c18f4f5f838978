import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ChunkReader } from './chunk-reader.js';
import { ImportBatches } from './import-batches.js';

const INTERVAL_MS = 5000;

const UNFINISHED = `SELECT id FROM imports WHERE status IN ('queued', 'running') ORDER BY received_at, id`;

/**
 * Works off what has been received, one import after the other. Every process looks for work at its start and every
 * few seconds, so that an import whose process died goes on.
 */
@Injectable()
export class ImportWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ImportWorker.name);
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private isWanted = false;
  private isStopping = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly chunks: ChunkReader,
    private readonly batches: ImportBatches,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.wake(), INTERVAL_MS);
    this.timer.unref();
    this.wake();
  }

  /** Lets the batch end that is being written; the rest waits for the next process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.working;
  }

  /** Says that there may be work. */
  wake(): void {
    this.isWanted = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
  }

  private async work(): Promise<void> {
    try {
      while (this.isWanted && !this.isStopping) {
        this.isWanted = false;
        for (const { id } of await this.dataSource.query<{ id: string }[]>(UNFINISHED)) {
          await this.tryToWorkOff(id);
        }
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Looking for imports failed; it is tried again in a few seconds');
    }
  }

  // One that fails keeps none of the others waiting.
  private async tryToWorkOff(id: string): Promise<void> {
    try {
      await this.workOff(id);
    } catch (error) {
      this.logger.warn(
        { err: error, importId: id },
        'An import was interrupted; it goes on in a few seconds',
      );
    }
  }

  // While the database writes one chunk, the next one is read and checked.
  private async workOff(id: string): Promise<void> {
    let chunk = await this.chunks.next(id, -1);
    while (chunk !== null && !this.isStopping) {
      const upcoming = this.chunks.next(id, chunk.number);
      const [applied, read] = await Promise.allSettled([this.batches.apply(id, chunk), upcoming]);
      if (applied.status === 'rejected' || read.status === 'rejected') {
        throw applied.status === 'rejected' ? applied.reason : await upcoming;
      }
      if (!applied.value) {
        return; // another process is at it
      }
      chunk = read.value;
    }
    if (!this.isStopping) {
      await this.batches.finish(id);
    }
  }
}
