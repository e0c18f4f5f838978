import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { databaseProblem, tookTooLong } from '../../http/database-problem.js';
import { ChunkReader } from './chunk-reader.js';
import { ImportBatches } from './import-batches.js';

const INTERVAL_MS = 5000;

/** How often in a row an import may fail, with the database there, before the chunk that it fails at is given up. */
const MAX_FAILURES = 5;

const OLDEST = `SELECT id FROM imports WHERE status IN ('queued', 'running') ORDER BY received_at, id LIMIT 1`;

/**
 * Works off what has been received, one import after the other, in the order in which their bodies were whole. Every
 * process looks for work at its start and every few seconds, so that an import whose process died goes on.
 */
@Injectable()
export class ImportWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ImportWorker.name);
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private isWanted = false;
  private isStopping = false;
  private failures = 0;

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
        const [oldest] = await this.dataSource.query<{ id: string }[]>(OLDEST);
        // Behind one that is finished there may be another; behind one that is not, all have to wait.
        if (oldest && (await this.tryToWorkOff(oldest.id))) {
          this.isWanted = true;
        }
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Looking for imports failed; it is tried again in a few seconds');
    }
  }

  private async tryToWorkOff(id: string): Promise<boolean> {
    try {
      return await this.workOff(id);
    } catch (error) {
      this.logger.warn(
        { err: error, importId: id },
        'An import was interrupted; it goes on in a few seconds',
      );
      await this.countFailure(id, error);
      return false;
    }
  }

  // A database that is away or busy is waited for; what else fails again and again would keep all later imports waiting.
  private async countFailure(id: string, error: unknown): Promise<void> {
    if (databaseProblem(error)?.code === 'unavailable' && !tookTooLong(error)) {
      return;
    }
    this.failures++;
    if (this.failures >= MAX_FAILURES) {
      await this.batches.refuseFirst(id);
      this.failures = 0;
      this.logger.error({ err: error, importId: id }, 'A chunk of an import was given up; its lines failed');
    }
  }

  // While the database writes one chunk, the next one is read and checked. False where the import is not finished after it.
  private async workOff(id: string): Promise<boolean> {
    await this.batches.start(id);
    let chunk = await this.chunks.next(id, -1);
    while (chunk !== null && !this.isStopping) {
      const upcoming = this.chunks.next(id, chunk.number);
      const [applied, read] = await Promise.allSettled([this.batches.apply(id, chunk), upcoming]);
      if (applied.status === 'rejected' || read.status === 'rejected') {
        throw applied.status === 'rejected' ? applied.reason : await upcoming;
      }
      this.failures = 0;
      if (!applied.value) {
        return false; // another process is at it
      }
      chunk = read.value;
    }
    if (this.isStopping) {
      return false;
    }
    await this.batches.finish(id);
    return true;
  }
}
