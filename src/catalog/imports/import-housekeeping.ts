import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../../time/clock.js';
import { ImportStore } from './import-store.js';

const INTERVAL_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BATCH = 100;

/** Forgets imports 30 days after their end, and discards those whose body stopped coming an hour ago (its process has died). */
@Injectable()
export class ImportHousekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ImportHousekeeping.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly store: ImportStore,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.clean().catch((error: unknown) =>
        this.logger.error({ err: error }, 'Cleaning up imports failed; it is tried again later'),
      );
    }, INTERVAL_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Does it now. */
  async clean(): Promise<void> {
    const now = this.clock.now();
    const abandoned = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM imports WHERE status = 'receiving' AND touched_at < $1`,
      [new Date(now - HOUR_MS)],
    );
    for (const { id } of abandoned) {
      await this.store.discard(id);
    }
    let removed: number;
    do {
      const [, count]: [unknown, number] = await this.dataSource.query(
        `DELETE FROM imports WHERE id = ANY (ARRAY(
           SELECT id FROM imports WHERE touched_at < $1 AND status IN ('completed', 'discarded') LIMIT ${BATCH}))`,
        [new Date(now - 30 * DAY_MS)],
      );
      removed = count;
    } while (removed === BATCH);
  }
}
