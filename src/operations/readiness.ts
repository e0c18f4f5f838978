import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { KeyRing } from '../auth/tokens/keys/key-ring.js';
import { RevocationFeed } from '../auth/tokens/revocation/revocation-feed.js';
import { Settings } from '../config/settings.js';
import { Replicas } from '../database/replicas/replicas.js';
import { RateLimitStorage } from '../throttling/rate-limit-storage.js';

/** How one thing is: requests should come unless it has failed; what is degraded others stand in for. */
export type CheckResult = 'ok' | 'degraded' | 'failed';

const TIMEOUT_MS = 2000;

/** For so long all who ask are told the same of the database, in milliseconds: no limit counts them. */
const SHARED_MS = 1000;

/** Whether this process should be sent requests, and if not, why. */
@Injectable()
export class Readiness {
  private isStopping = false;
  private areMigrationsIn = false;
  private database: Promise<boolean> | undefined;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly feed: RevocationFeed,
    private readonly keys: KeyRing,
    private readonly rateLimits: RateLimitStorage,
    private readonly replicas: Replicas,
  ) {}

  /** From now on the process is not ready: it ends what it has begun and then exits. */
  stop(): void {
    this.isStopping = true;
  }

  /** Each check by name. */
  async check(): Promise<Record<string, CheckResult>> {
    const database = await this.databaseAnswers();
    return {
      database: toResult(database),
      migrations: toResult(database && (await this.migrationsAreIn())),
      revocations: toResult(this.feed.isFresh()),
      keys: this.keys.canSign && !this.keys.isComplete ? 'degraded' : toResult(this.keys.canSign),
      ...(this.settings.REDIS_URL !== undefined && { redis: toResult(this.rateLimits.isShared()) }),
      ...(this.replicas.all.length > 0 && { replicas: this.replicas.areAllAsked ? 'ok' : 'degraded' }),
      ...(this.isStopping && { shutdown: 'failed' as const }),
    };
  }

  private async databaseAnswers(): Promise<boolean> {
    if (this.database === undefined) {
      this.database = within(this.dataSource.query('SELECT 1'), true);
      setTimeout(() => (this.database = undefined), SHARED_MS).unref();
    }
    return this.database;
  }

  // They do not leave again, so once seen is enough.
  private async migrationsAreIn(): Promise<boolean> {
    this.areMigrationsIn ||= await within(
      this.dataSource.showMigrations().then((pending) => !pending),
      undefined,
    );
    return this.areMigrationsIn;
  }
}

function toResult(isWell: boolean): CheckResult {
  return isWell ? 'ok' : 'failed';
}

/** What the promise says (or `answer`, if given), and false when it fails or takes too long. */
async function within(promise: Promise<unknown>, answer: boolean | undefined): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise.then((value) => answer ?? value === true), tooLate]);
  } catch {
    return false; // being asked is how readiness finds out
  } finally {
    clearTimeout(timer);
  }
}
