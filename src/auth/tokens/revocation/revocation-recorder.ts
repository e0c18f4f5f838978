import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';
import { v7 } from 'uuid';
import { Settings } from '../../../config/settings.js';
import { Clock } from '../../../time/clock.js';
import type { Revocation } from './revocation.js';
import { RevocationRow } from './revocation.entity.js';
import { RevocationFeed } from './revocation-feed.js';
import { TokenBlacklist } from './token-blacklist.js';

// Beyond the life of a token: clocks of several processes differ a little, and so do transactions in length.
const MARGIN_MS = 60_000;

/**
 * Writes revocations in the transaction of what causes them. At its commit they are in this process's blacklist
 * before the caller goes on, and on their way to every other; after a rollback nothing has happened.
 */
@Injectable()
export class RevocationRecorder implements OnModuleInit, EntitySubscriberInterface {
  private readonly uncommitted = new WeakMap<QueryRunner, Revocation[]>();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly feed: RevocationFeed,
    private readonly blacklist: TokenBlacklist,
  ) {}

  onModuleInit(): void {
    this.dataSource.subscribers.push(this);
  }

  /** Takes back one access token (`jti`). */
  async revokeToken(manager: EntityManager, tokenId: string): Promise<void> {
    await this.record(manager, { reach: 'token', subject: tokenId, expiresAt: this.expiry() });
  }

  /** Takes back every access token of a session. */
  async revokeSession(manager: EntityManager, sessionId: string): Promise<void> {
    await this.record(manager, { reach: 'session', subject: sessionId, expiresAt: this.expiry() });
  }

  /** Takes back every access token of a user issued below a version. */
  async revokeUserBelow(manager: EntityManager, userId: string, version: number): Promise<void> {
    await this.record(manager, { reach: 'user', subject: userId, version, expiresAt: this.expiry() });
  }

  /** Called by TypeORM after each commit. */
  afterTransactionCommit({ queryRunner }: { queryRunner: QueryRunner }): void {
    if (queryRunner.isTransactionActive) {
      return; // only a savepoint was released
    }
    const committed = this.uncommitted.get(queryRunner);
    if (committed) {
      this.uncommitted.delete(queryRunner);
      committed.forEach((revocation) => this.blacklist.add(revocation));
      this.feed.announce(committed);
    }
  }

  /** Called by TypeORM after each rollback. */
  afterTransactionRollback({ queryRunner }: { queryRunner: QueryRunner }): void {
    if (!queryRunner.isTransactionActive) {
      this.uncommitted.delete(queryRunner);
    }
  }

  private async record(manager: EntityManager, revocation: Revocation): Promise<void> {
    const { queryRunner } = manager;
    if (!queryRunner?.isTransactionActive) {
      throw new Error('A revocation is written in the transaction of what causes it; there is none.');
    }
    const version = revocation.reach === 'user' ? revocation.version : null;
    await manager.insert(RevocationRow, {
      id: v7(),
      reach: revocation.reach,
      subject: revocation.subject,
      version,
      expiresAt: new Date(revocation.expiresAt),
      createdAt: this.clock.date(),
    });
    this.uncommitted.set(queryRunner, [...(this.uncommitted.get(queryRunner) ?? []), revocation]);
  }

  private expiry(): number {
    return this.clock.now() + this.settings.ACCESS_TOKEN_TTL * 1000 + MARGIN_MS;
  }
}
