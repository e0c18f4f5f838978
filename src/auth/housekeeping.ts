import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../time/clock.js';

const INTERVAL_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
const BATCH = 1000;

/** Removes what no token can need any more, in small batches that step over rows others hold. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Housekeeping.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

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

  /** Removes expired revocations, proofs, reset tokens and keys, and sessions (with their refresh tokens) a day after their end. */
  async clean(): Promise<void> {
    const now = this.clock.now();
    await this.removeInBatches('revocations', 'expires_at < $1', new Date(now));
    await this.removeInBatches('dpop_proofs', 'expires_at < $1', new Date(now));
    await this.removeInBatches('password_reset_tokens', 'expires_at < $1', new Date(now));
    await this.removeInBatches('signing_keys', 'verifies_until < $1', new Date(now));
    await this.removeInBatches(
      'sessions',
      'least(ended_at, idle_until, expires_at) < $1',
      new Date(now - DAY_MS),
    );
  }

  private async removeInBatches(table: string, condition: string, before: Date): Promise<void> {
    let removed: number;
    do {
      const [, count]: [unknown, number] = await this.dataSource.query(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`,
        [before],
      );
      removed = count;
    } while (removed === BATCH);
  }
}
