import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../time/clock.js';
import { connectionPool } from '../connection-pool.js';
import { PrimaryLog } from './primary-log.js';
import { type PrimaryView, Replica } from './replica.js';
import type { RowSource } from '../row-source.js';
import { ServerCheck } from './server-check.js';

const CHECK_INTERVAL_MS = 1000;

/**
 * The streaming replicas of DATABASE_REPLICA_URLS, for reads that may be REPLICA_MAX_LAG old. Not TypeORM's `replication`:
 * that does not start while a replica is away, and asks whichever comes, however far behind.
 */
@Injectable()
export class Replicas implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Replicas.name);
  private readonly primary: PrimaryView;
  private readonly primaryCheck: ServerCheck | null;
  /** Also those that are not asked now. */
  readonly all: readonly Replica[];
  private readonly interval: number;
  private isPrimaryHeard = true;
  private isStopped = false;
  private turn = 0;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    settings: Settings,
    private readonly clock: Clock,
  ) {
    const maxLag = settings.REPLICA_MAX_LAG * 1000;
    this.interval = Math.min(CHECK_INTERVAL_MS, maxLag / 4);
    this.primary = { source: connectionPool(dataSource), log: new PrimaryLog(maxLag), identity: null };
    this.all = settings.DATABASE_REPLICA_URLS.map(
      (url) => new Replica({ url, poolSize: settings.DATABASE_POOL_SIZE, maxLag }, this.primary, clock),
    );
    const { DATABASE_URL } = settings;
    this.primaryCheck =
      DATABASE_URL !== undefined && this.all.length > 0 ? new ServerCheck(DATABASE_URL) : null;
  }

  get primarySource(): RowSource {
    return this.primary.source;
  }

  /** Whether every replica is being asked. */
  get areAllAsked(): boolean {
    return this.all.every(({ isFresh }) => isFresh);
  }

  /** The replica whose turn it is, of those that are fresh; `null` where none is. */
  next(): Replica | null {
    const { all } = this;
    for (let passed = 0; passed < all.length; passed++) {
      this.turn = (this.turn + 1) % all.length;
      const replica = all[this.turn];
      if (replica?.isFresh) {
        return replica;
      }
    }
    return null;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { primaryCheck } = this;
    if (!primaryCheck) {
      return;
    }
    await this.samplePrimary(primaryCheck);
    await Promise.all(this.all.map((replica) => replica.check()));
    // Each in a loop of its own: one that is slow to answer keeps no other waiting.
    void this.repeat(() => this.samplePrimary(primaryCheck));
    this.all.forEach((replica) => void this.repeat(() => replica.check()));
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    await Promise.all([this.primaryCheck?.close(), ...this.all.map((replica) => replica.close())]);
  }

  private async repeat(check: () => Promise<void>): Promise<void> {
    while (!this.isStopped) {
      await pause(this.interval, undefined, { ref: false });
      if (!this.isStopped) {
        await check();
      }
    }
  }

  private async samplePrimary(primaryCheck: ServerCheck): Promise<void> {
    const at = this.clock.elapsed();
    try {
      const { isStandby, position, identity } = await primaryCheck.ask();
      if (isStandby) {
        throw new Error('DATABASE_URL leads to a standby');
      }
      this.primary.log.add({ at, position });
      this.primary.identity = identity;
      this.isPrimaryHeard = true;
    } catch (error) {
      if (this.isPrimaryHeard && !this.isStopped) {
        this.logger.warn(
          { err: error },
          'The primary does not say how far it is; replicas are asked until REPLICA_MAX_LAG is over',
        );
      }
      this.isPrimaryHeard = false;
    }
  }
}
