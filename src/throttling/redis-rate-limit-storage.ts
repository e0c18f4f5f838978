import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Clock } from '../time/clock.js';
import { MemoryRateLimitStorage } from './memory-rate-limit-storage.js';
import { type Hit, type HitGroup, type RateLimit, type RateLimitState, stateOfAll } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { type CountedHits, RedisCounters } from './redis-counters.js';
import { SilenceWatch } from './silence-watch.js';
import { UnsharedHits } from './unshared-hits.js';

/** How often Redis is asked whether it answers again, in milliseconds. */
const PROBE_INTERVAL = 500;

/**
 * Counts in Redis, for all processes together. While Redis is away each process counts in its own memory, from what
 * Redis told it last of a key; when Redis is back it is told what was let in meanwhile.
 */
@Injectable()
export class RedisRateLimitStorage extends RateLimitStorage implements OnApplicationShutdown {
  private readonly logger = new Logger(RedisRateLimitStorage.name);
  private readonly redis: Redis;
  private readonly counters: RedisCounters;
  private readonly silence: SilenceWatch;
  private readonly unshared = new UnsharedHits();
  private isAway = false;
  private isComingBack = false;
  private isStopping = false;
  private endGreeting: () => void = () => undefined;
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
      connectTimeout: 2000,
      retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
      lazyConnect: true,
    });
    this.redis.on('error', (error) => this.goLocal(error));
    this.redis.on('connect', () => void this.silence.until(this.greeting()));
    this.redis.on('close', () => {
      this.endGreeting();
      this.goLocal(new Error('The connection to Redis is closed.'));
    });
    this.redis.on('ready', () => {
      this.endGreeting();
      void this.goShared();
    });
    this.counters = new RedisCounters(this.redis);
    this.silence = new SilenceWatch((error) => this.redis.stream.destroy(error));
  }

  /** Connects; where that fails, counting goes on in memory until it succeeds. */
  async connect(): Promise<void> {
    await this.redis.connect().catch((error: unknown) => this.goLocal(error));
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.redis.removeAllListeners('close');
    clearInterval(this.probe);
    this.silence.stop();
    this.redis.disconnect();
  }

  async hit(key: string, rateLimit: RateLimit): Promise<RateLimitState> {
    const [state] = await this.hitInTurn([[{ key, rateLimit }]]);
    if (!state) {
      throw new Error('A hit has a state.');
    }
    return state;
  }

  async hitInTurn(groups: readonly HitGroup[]): Promise<readonly RateLimitState[]> {
    const now = this.clock.now();
    return this.orLocally(
      async () => {
        const { refused, found } = await this.counters.hit(groups, now);
        this.learn(groups, found, now);
        return found
          .slice(0, refused === undefined ? found.length : refused + 1)
          .map((group, at) => stateOfAll(group, now, at !== refused));
      },
      () => {
        const states = this.memory.hitInTurn(groups);
        const counted = groups.filter((_, at) => states[at]?.isAllowed).flat();
        this.unshared.note(
          counted.filter(({ isPeek }) => !isPeek),
          now,
        );
        return states;
      },
    );
  }

  expect(hit: Hit): RateLimitState | null {
    return this.isAway ? null : this.memory.peek(hit);
  }

  async giveBack(hit: Hit, countedAt: number): Promise<void> {
    this.memory.giveBack(hit, countedAt);
    this.unshared.giveBack(hit, countedAt);
    await this.orLocally(
      () => this.counters.giveBack(hit, countedAt),
      () => undefined,
    );
  }

  async forget(key: string, rateLimit: RateLimit): Promise<void> {
    const now = this.clock.now();
    this.memory.forget(key, rateLimit);
    this.unshared.forget({ key, rateLimit }, now);
    await this.orLocally(
      () => this.counters.delete({ key, rateLimit }, now),
      () => undefined,
    );
  }

  isShared(): boolean {
    return !this.isAway;
  }

  private learn(groups: readonly HitGroup[], found: CountedHits['found'], now: number): void {
    groups.forEach((hits, group) =>
      hits.forEach(({ key, rateLimit }, at) =>
        this.memory.learn(key, rateLimit, found[group]?.[at]?.counters ?? [], now),
      ),
    );
  }

  private async orLocally<T>(shared: () => Promise<T>, local: () => T): Promise<T> {
    if (this.isAway) {
      return local();
    }
    try {
      return await this.silence.until(shared());
    } catch (error) {
      this.goLocal(error);
      return local();
    }
  }

  // What ioredis asks a server before it is ready is watched like any question: who accepts a connection and then says
  // nothing must not hold up a start, or a return.
  private async greeting(): Promise<void> {
    return new Promise((resolve) => (this.endGreeting = resolve));
  }

  // From here on no request waits for Redis. Where the connection stays open, only a probe tells that it answers again.
  private goLocal(error: unknown): void {
    if (!this.isAway && !this.isStopping) {
      this.isAway = true;
      this.logger.warn({ err: error }, 'Redis is away: rate limits are counted by each process on its own');
      this.probe = setInterval(() => void this.goShared(), PROBE_INTERVAL).unref();
    }
  }

  private async goShared(): Promise<void> {
    if (!this.isAway || this.isComingBack || this.redis.status !== 'ready') {
      return;
    }
    this.isComingBack = true;
    try {
      await this.silence.until(this.redis.ping());
      while (!this.unshared.isEmpty) {
        await this.unshared.shareSome(
          ({ id, missing }) => this.silence.until(this.counters.add(id, missing)),
          this.clock.now(),
        );
      }
      this.isAway = false;
      clearInterval(this.probe);
      this.logger.log('Redis is back: rate limits are shared again');
    } catch (error) {
      this.logger.debug({ err: error }, 'Redis cannot take over yet');
    } finally {
      this.isComingBack = false;
    }
  }
}
