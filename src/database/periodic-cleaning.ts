import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';

const INTERVAL_MS = 10 * 60_000;
const BATCH = 1000;

/** Cleans up every ten minutes while the process runs; where that fails it is logged, and tried again the next time. */
export abstract class PeriodicCleaning implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(this.constructor.name);
  private timer: NodeJS.Timeout | undefined;

  /** Does it now. */
  abstract clean(): Promise<void>;

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.clean().catch((error: unknown) =>
        this.logger.error({ err: error }, 'Cleaning up failed; it is tried again later'),
      );
    }, INTERVAL_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}

/**
 * Removes the rows of a table that a condition on `$1` (a moment) holds for, in small batches that step over rows which
 * others hold. Table and condition are our own text, never a client's.
 */
export async function removeInBatches(
  dataSource: DataSource,
  table: string,
  condition: string,
  moment: Date,
): Promise<void> {
  let removed: number;
  do {
    const [, count]: [unknown, number] = await dataSource.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`,
      [moment],
    );
    removed = count;
  } while (removed === BATCH);
}
