import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { PeriodicCleaning, removeInBatches } from '../../database/periodic-cleaning.js';
import { Clock } from '../../time/clock.js';
import { ImportStore } from './import-store.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Forgets imports 30 days after their end, and discards those whose body stopped coming an hour ago (its process has died). */
@Injectable()
export class ImportHousekeeping extends PeriodicCleaning {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly store: ImportStore,
    private readonly clock: Clock,
  ) {
    super();
  }

  async clean(): Promise<void> {
    const now = this.clock.now();
    const abandoned = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM imports WHERE status = 'receiving' AND touched_at < $1`,
      [new Date(now - HOUR_MS)],
    );
    for (const { id } of abandoned) {
      await this.store.discard(id);
    }
    await removeInBatches(
      this.dataSource,
      'imports',
      `touched_at < $1 AND status IN ('completed', 'discarded')`,
      new Date(now - 30 * DAY_MS),
    );
  }
}
