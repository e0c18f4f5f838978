import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { DataSource } from 'typeorm';
import { RevocationFeed } from '../../auth/tokens/revocation/revocation-feed.js';
import { TokenBlacklist } from '../../auth/tokens/revocation/token-blacklist.js';
import { connectionPool } from '../../database/connection-pool.js';
import { RateLimitStorage } from '../../throttling/rate-limit-storage.js';

// Seconds: from what memory answers to what somebody would call slow.
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What the process tells of itself, in the words of Prometheus. Most of it is looked up when it is asked for. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  /** How long requests take, by method, route pattern and status; nothing of a request's own is a label. */
  readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took to answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: BUCKETS,
    registers: [this.registry],
  });

  constructor(
    @InjectDataSource() dataSource: DataSource,
    blacklist: TokenBlacklist,
    feed: RevocationFeed,
    rateLimits: RateLimitStorage,
  ) {
    this.gauge('latchkey_revocations', 'Revocations in memory.', () => blacklist.size);
    this.gauge('latchkey_revocation_feed_fresh', '1 while revocations come in, 0 when they are silent.', () =>
      Number(feed.isFresh()),
    );
    this.gauge('latchkey_rate_limits_shared', '1 while every process counts together, 0 otherwise.', () =>
      Number(rateLimits.isShared()),
    );
    const pool = connectionPool(dataSource);
    this.gauge('latchkey_database_connections', 'Connections to the database.', () => pool.totalCount);
    this.gauge('latchkey_database_connections_idle', 'Those that nobody uses.', () => pool.idleCount);
    this.gauge('latchkey_database_waiting', 'Who waits for a connection.', () => pool.waitingCount);
  }

  /** The media type of `text`. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything, in the text format of Prometheus. */
  async text(): Promise<string> {
    return Registry.merge([processRegistry(), this.registry]).metrics();
  }

  private gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect: () => gauge.set(read()),
    });
  }
}

let ofProcess: Registry | undefined;

// Once a process, and only where somebody asks: it watches the garbage collector and the event loop for good.
function processRegistry(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}
