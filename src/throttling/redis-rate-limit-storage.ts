import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Clock } from '../time/clock.js';
import { MemoryRateLimitStorage } from './memory-rate-limit-storage.js';
import { type Hit, type RateLimit, type RateLimitState, fits, stateOf, stateOfAll } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RedisCounters } from './redis-counters.js';

/** For how long a request waits for Redis before memory counts it, in milliseconds. */
const COMMAND_TIMEOUT = 500;
/** How often Redis is asked whether it answers again, in milliseconds. */
const PROBE_INTERVAL = 500;

/** Counts in Redis, for all processes together; while Redis is away each process counts in its own memory. */
@Injectable()
export class RedisRateLimitStorage extends RateLimitStorage implements OnApplicationShutdown {
  private readonly logger = new Logger(RedisRateLimitStorage.name);
  private readonly redis: Redis;
  private readonly counters: RedisCounters;
  private isAway = false;
  private probe: NodeJS.Timeout | undefined;

  constructor(
    url: string,
    private readonly clock: Clock,
    private readonly memory: MemoryRateLimitStorage,
  ) {
    super();
    this.redis = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT,
      connectTimeout: 2000,
      retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
      lazyConnect: true,
    });
    this.redis.on('error', (error) => this.goLocal(error));
    this.redis.on('close', () => this.goLocal(new Error('The connection to Redis is closed.')));
    this.redis.on('ready', () => this.goShared());
    this.counters = new RedisCounters(this.redis);
  }

  /** Connects; where that fails, counting goes on in memory until it succeeds. */
  async connect(): Promise<void> {
    await this.redis.connect().catch((error: unknown) => this.goLocal(error));
  }

  async onApplicationShutdown(): Promise<void> {
    this.redis.removeAllListeners('close');
    clearInterval(this.probe);
    this.redis.disconnect();
  }

  async hit(key: string, rateLimit: RateLimit): Promise<RateLimitState> {
    return this.hitAll([{ key, rateLimit }]);
  }

  async hitAll(hits: readonly Hit[]): Promise<RateLimitState> {
    const now = this.clock.now();
    return this.orLocally(
      async () => {
        const { areAllowed, found } = await this.counters.hit(hits, now);
        return stateOfAll(found, now, areAllowed);
      },
      () => this.memory.hitAll(hits),
    );
  }

  async peek(key: string, rateLimit: RateLimit): Promise<RateLimitState> {
    const now = this.clock.now();
    return this.orLocally(
      async () => {
        const counters = await this.counters.read({ key, rateLimit }, now);
        return stateOf(rateLimit, counters, now, fits(rateLimit, counters, now));
      },
      () => this.memory.peek(key, rateLimit),
    );
  }

  async forget(key: string, rateLimit: RateLimit): Promise<void> {
    this.memory.forget(key, rateLimit);
    await this.orLocally(
      () => this.counters.delete({ key, rateLimit }, this.clock.now()),
      () => undefined,
    );
  }

  isShared(): boolean {
    return !this.isAway;
  }

  private async orLocally<T>(shared: () => Promise<T>, local: () => T): Promise<T> {
    if (this.isAway) {
      return local();
    }
    try {
      return await shared();
    } catch (error) {
      this.goLocal(error);
      return local();
    }
  }

  // From here on no request waits for Redis. Where the connection stays open, only a probe tells that it answers again.
  private goLocal(error: unknown): void {
    if (!this.isAway) {
      this.isAway = true;
      this.logger.warn({ err: error }, 'Redis is away: rate limits are counted by each process on its own');
      this.probe = setInterval(() => this.ask(), PROBE_INTERVAL).unref();
    }
  }

  private ask(): void {
    if (this.redis.status === 'ready') {
      this.redis.ping().then(
        () => this.goShared(),
        (error: unknown) => this.logger.debug({ err: error }, 'Redis does not answer yet'),
      );
    }
  }

  private goShared(): void {
    if (this.isAway) {
      this.isAway = false;
      clearInterval(this.probe);
      this.logger.log('Redis is back: rate limits are shared again');
    }
  }
}
