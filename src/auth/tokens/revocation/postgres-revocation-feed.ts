import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../../../config/settings.js';
import { Clock } from '../../../time/clock.js';
import { type Revocation, parseRevocations } from './revocation.js';
import { RevocationAnnouncer } from './revocation-announcer.js';
import { RevocationConnection } from './revocation-connection.js';
import { RevocationFeed } from './revocation-feed.js';
import { NOTHING_SEEN, RevocationStore } from './revocation-store.js';
import { TokenBlacklist } from './token-blacklist.js';

const CHANNEL = 'latchkey_revocations';
const RECONNECT_MS = 500;

/**
 * The feed over LISTEN/NOTIFY, on a connection of its own. Announcements make it quick; that nothing is missed rests on
 * the table alone, which is read for what is new three times within the staleness bound.
 */
@Injectable()
export class PostgresRevocationFeed extends RevocationFeed implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(PostgresRevocationFeed.name);
  private readonly announcer = new RevocationAnnouncer((payload) => this.notify(payload));
  private readonly maxStaleness: number;
  private connection: RevocationConnection | undefined;
  /** Everything that this snapshot saw is in memory. */
  private seen = NOTHING_SEEN;
  /** Everything that was committed by then is in memory. */
  private freshAsOf: { readonly elapsed: number; readonly now: number } | undefined;
  private isBehind = false;
  private isStopped = false;
  private running = Promise.resolve();
  private wake = (): void => {};

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
    try {
      await this.catchUp();
    } catch (error) {
      this.disconnect();
      throw error;
    }
    this.running = this.keepUp();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.disconnect();
    this.wake();
    await this.running;
  }

  announce(revocations: readonly Revocation[]): void {
    this.announcer.announce(revocations);
  }

  // Two clocks: the wall clock may be set back, the other does not count while the machine itself is suspended.
  isFresh(): boolean {
    this.distrustSetClock();
    const { freshAsOf } = this;
    return (
      freshAsOf !== undefined &&
      this.clock.elapsed() - freshAsOf.elapsed <= this.maxStaleness &&
      this.clock.now() - freshAsOf.now <= this.maxStaleness
    );
  }

  // One thing after the other, for as long as the process runs: there are never two attempts to connect at once.
  private async keepUp(): Promise<void> {
    while (!this.isStopped) {
      if (!this.isBehind) {
        await this.pause(this.connection ? this.maxStaleness / 3 : RECONNECT_MS);
      }
      if (!this.isStopped) {
        await this.tryToCatchUp();
      }
    }
  }

  private async tryToCatchUp(): Promise<void> {
    try {
      await this.catchUp();
    } catch (error) {
      this.disconnect();
      if (!this.isStopped) {
        this.logger.warn({ err: error }, 'The revocation feed does not hear from the database');
      }
    }
  }

  // It listens first and reads the table after: what is committed in between is heard of twice, not never.
  private async catchUp(): Promise<void> {
    this.isBehind = false;
    this.distrustSetClock();
    const asOf = { elapsed: this.clock.elapsed(), now: this.clock.now() };
    const connection = this.connection ?? (await this.connect());
    const snapshot = await this.store.snapshot(connection.query);
    for await (const batch of this.store.unseenBy(this.seen, connection.query)) {
      batch.forEach((revocation) => this.blacklist.add(revocation));
    }
    this.seen = snapshot;
    this.freshAsOf = asOf;
  }

  // To connect anew is to read everything. Until that has begun, each look finds the same again.
  private distrustSetClock(): void {
    if (this.blacklist.hasForgottenTooMuch()) {
      if (this.freshAsOf) {
        this.logger.warn('The clock was set back: all revocations are read anew');
      }
      this.freshAsOf = undefined;
      this.disconnect();
      this.wake();
    }
  }

  private async connect(): Promise<RevocationConnection> {
    // A server that was put in place of another, or set back, may count its transactions anew.
    this.seen = NOTHING_SEEN;
    this.blacklist.startOver();
    const connection = new RevocationConnection(this.settings.DATABASE_URL, this.timeout, {
      onAnnouncement: (payload) => this.receive(payload),
      onLoss: (error) => this.lose(connection, error),
    });
    this.connection = connection;
    await connection.listen(CHANNEL);
    if (this.freshAsOf) {
      this.logger.log('The revocation feed is connected again');
    }
    return connection;
  }

  private get timeout(): number {
    return Math.max(1000, this.maxStaleness / 3);
  }

  private receive(payload: string): void {
    try {
      parseRevocations(payload).forEach((revocation) => this.blacklist.add(revocation));
    } catch (error) {
      this.logger.error({ err: error }, 'An announcement could not be read; looking into the table');
      this.isBehind = true;
      this.wake();
    }
  }

  private lose(connection: RevocationConnection, error?: Error): void {
    if (this.connection === connection) {
      this.connection = undefined;
      this.logger.warn({ err: error }, 'The revocation feed has lost its connection; reconnecting');
      this.wake();
    }
  }

  private async notify(payload: string): Promise<void> {
    await this.connection?.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]);
  }

  private disconnect(): void {
    this.connection?.close();
    this.connection = undefined;
  }

  private async pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, ms);
      timer.unref();
    });
    clearTimeout(timer);
  }
}
