import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { Settings } from '../../../config/settings.js';
import { Clock } from '../../../time/clock.js';
import { type Revocation, parseRevocation } from './revocation.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationStore } from './revocation-store.js';
import { TokenBlacklist } from './token-blacklist.js';

const CHANNEL = 'latchkey_revocations';
const RECONNECT_MS = 500;

/**
 * The feed over LISTEN/NOTIFY, on a connection of its own. It listens first and loads what is alive after, so
 * nothing can be missed; it asks the server for a sign of life three times within the staleness bound.
 */
@Injectable()
export class PostgresRevocationFeed extends RevocationFeed implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(PostgresRevocationFeed.name);
  private readonly maxStaleness: number;
  private connection: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private heardAt = -Infinity;
  private isStopped = false;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly store: RevocationStore,
    private readonly blacklist: TokenBlacklist,
  ) {
    super();
    this.maxStaleness = settings.REVOCATION_MAX_STALENESS * 1000;
  }

  async onModuleInit(): Promise<void> {
    await this.connect();
    this.beatLater(this.maxStaleness / 3);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.connection?.end();
  }

  async announce(manager: EntityManager, revocation: Revocation): Promise<void> {
    await manager.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(revocation)]);
  }

  isFresh(): boolean {
    return this.clock.elapsed() - this.heardAt <= this.maxStaleness;
  }

  private async connect(): Promise<void> {
    const asOf = this.clock.elapsed();
    const connection = new pg.Client({
      connectionString: this.settings.DATABASE_URL,
      application_name: 'latchkey revocations',
      connectionTimeoutMillis: this.maxStaleness,
      query_timeout: this.maxStaleness,
      keepAlive: true,
    });
    connection.on('error', (error) => this.drop(connection, error));
    connection.on('end', () => this.drop(connection));
    connection.on('notification', ({ payload = '' }) => this.receive(payload));
    await connection.connect();
    this.connection = connection;
    await connection.query(`LISTEN ${CHANNEL}`);
    for (const revocation of await this.store.alive()) {
      this.blacklist.add(revocation);
    }
    this.heardAt = asOf;
  }

  private receive(payload: string): void {
    try {
      this.blacklist.add(parseRevocation(payload));
    } catch (error) {
      // Whatever it was meant to say, loading everything again cannot miss it.
      this.logger.error({ err: error }, 'A revocation could not be read; reconnecting to load them all');
      void this.connection?.end();
    }
  }

  private drop(connection: pg.Client, error?: Error): void {
    if (this.connection === connection) {
      this.connection = undefined;
      if (!this.isStopped) {
        this.logger.warn({ err: error }, 'The revocation feed has lost its connection; reconnecting');
        this.beatLater(0);
      }
    }
  }

  private beatLater(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.beat(), delay);
    this.timer.unref();
  }

  private async beat(): Promise<void> {
    try {
      if (this.connection) {
        const asOf = this.clock.elapsed();
        await this.connection.query('SELECT 1');
        this.heardAt = asOf;
      } else {
        await this.connect();
        this.logger.log('The revocation feed is connected again');
      }
      this.beatLater(this.maxStaleness / 3);
    } catch (error) {
      this.logger.warn({ err: error }, 'The revocation feed does not hear from the database');
      const silent = this.connection;
      this.connection = undefined;
      void silent
        ?.end()
        .catch((failure: unknown) => this.logger.debug({ err: failure }, 'Closing a dead connection failed'));
      if (!this.isStopped) {
        this.beatLater(RECONNECT_MS);
      }
    }
  }
}
