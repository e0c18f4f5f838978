import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { DatabaseClock } from '../database/database-clock.js';
import { PeriodicCleaning, removeInBatches } from '../database/periodic-cleaning.js';
import { Clock } from '../time/clock.js';

const DAY_MS = 86_400_000;

/** Removes what no token can need any more. */
@Injectable()
export class Housekeeping extends PeriodicCleaning {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly databaseClock: DatabaseClock,
    private readonly settings: Settings,
  ) {
    super();
  }

  /** Removes expired revocations, proofs, tokens of mails, registrations and keys, sessions (with their refresh tokens) a day after their end, and refresh tokens that were used longer ago than one is good for. */
  async clean(): Promise<void> {
    // A process whose clock is ahead takes nothing away from the others.
    const now = new Date(Math.min(this.clock.now(), await this.databaseClock.now()));
    const dayAgo = new Date(now.getTime() - DAY_MS);
    await removeInBatches(this.dataSource, 'revocations', 'expires_at < $1', now);
    await removeInBatches(this.dataSource, 'dpop_proofs', 'expires_at < $1', now);
    await removeInBatches(this.dataSource, 'password_reset_tokens', 'expires_at < $1', now);
    await removeInBatches(this.dataSource, 'email_verification_tokens', 'expires_at < $1', now);
    await removeInBatches(this.dataSource, 'pending_registrations', 'expires_at < $1', now);
    await removeInBatches(
      this.dataSource,
      'refresh_tokens',
      'used_at < $1',
      new Date(now.getTime() - this.settings.REFRESH_TOKEN_TTL * 1000),
    );
    await removeInBatches(this.dataSource, 'signing_keys', 'verifies_until < $1', now);
    await removeInBatches(
      this.dataSource,
      'sessions',
      'least(ended_at, idle_until, expires_at) < $1',
      dayAgo,
    );
  }
}
