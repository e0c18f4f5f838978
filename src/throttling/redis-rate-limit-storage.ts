import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Clock } from '../time/clock.js';
import { MemoryRateLimitStorage } from './memory-rate-limit-storage.js';
import { type RateLimit, type RateLimitState, hasRoom, stateOf, windowAt } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';

// The same rule as hasRoom(), where all processes meet. Counters expire by themselves after two windows.
const HIT = `
local previous = tonumber(redis.call('GET', KEYS[2]) or '0')
local current = tonumber(redis.call('GET', KEYS[1]) or '0')
local allowed = 0
if previous * (1 - tonumber(ARGV[1])) + current + 1 <= tonumber(ARGV[2]) then
  current = redis.call('INCR', KEYS[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  allowed = 1
end
return {allowed, previous, current}`;

/** What the script answers: whether it counted, and the two counters. */
type HitReply = readonly [number, number, number];

/** Counts in Redis, for all processes together; while Redis is away each process counts in its own memory. */
@Injectable()
export class RedisRateLimitStorage extends RateLimitStorage implements OnApplicationShutdown {
  private readonly logger = new Logger(RedisRateLimitStorage.name);
  private readonly redis: Redis;
  private isAway = false;

  constructor(
    url: string,
    private readonly clock: Clock,
    private readonly memory: MemoryRateLimitStorage,
  ) {
    super();
    this.redis = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 500,
      connectTimeout: 2000,
      retryStrategy: (attempt) => Math.min(attempt * 100, 1000),
      lazyConnect: true,
    });
    this.redis.on('error', (error) => this.goLocal(error));
    this.redis.on('ready', () => this.goShared());
    this.redis.defineCommand('latchkeyHit', { numberOfKeys: 2, lua: HIT });
  }

  /** Connects; where that fails, counting goes on in memory until it succeeds. */
  async connect(): Promise<void> {
    await this.redis.connect().catch((error: unknown) => this.goLocal(error));
  }

  async onApplicationShutdown(): Promise<void> {
    this.redis.disconnect();
  }

  async hit(key: string, rateLimit: RateLimit): Promise<RateLimitState> {
    if (this.redis.status !== 'ready') {
      return this.memory.hit(key, rateLimit);
    }
    const { index, passed } = windowAt(this.clock.now(), rateLimit.windowMs);
    try {
      const [allowed, previous, current] = await this.run(
        this.keyOf(key, rateLimit, index),
        this.keyOf(key, rateLimit, index - 1),
        passed,
        rateLimit,
      );
      return stateOf({ previous, current }, passed, rateLimit, allowed === 1);
    } catch (error) {
      this.goLocal(error);
      return this.memory.hit(key, rateLimit);
    }
  }

  async peek(key: string, rateLimit: RateLimit): Promise<RateLimitState> {
    if (this.redis.status !== 'ready') {
      return this.memory.peek(key, rateLimit);
    }
    const { index, passed } = windowAt(this.clock.now(), rateLimit.windowMs);
    try {
      const [current, previous] = await this.redis.mget(
        this.keyOf(key, rateLimit, index),
        this.keyOf(key, rateLimit, index - 1),
      );
      const counters = { previous: Number(previous ?? 0), current: Number(current ?? 0) };
      return stateOf(counters, passed, rateLimit, hasRoom(counters, passed, rateLimit.limit));
    } catch (error) {
      this.goLocal(error);
      return this.memory.peek(key, rateLimit);
    }
  }

  async forget(key: string, rateLimit: RateLimit): Promise<void> {
    this.memory.forget(key, rateLimit);
    const { index } = windowAt(this.clock.now(), rateLimit.windowMs);
    try {
      await this.redis.del(this.keyOf(key, rateLimit, index), this.keyOf(key, rateLimit, index - 1));
    } catch (error) {
      this.goLocal(error);
    }
  }

  isShared(): boolean {
    return this.redis.status === 'ready';
  }

  private async run(
    currentKey: string,
    previousKey: string,
    passed: number,
    { limit, windowMs }: RateLimit,
  ): Promise<HitReply> {
    // defineCommand adds the method at run time only.
    const redis = this.redis as Redis & { latchkeyHit(...args: (string | number)[]): Promise<HitReply> };
    return redis.latchkeyHit(currentKey, previousKey, passed, limit, windowMs * 2);
  }

  // The braces keep both counters of a key on one node of a Redis cluster.
  private keyOf(key: string, { name }: RateLimit, index: number): string {
    return `latchkey:{${name}:${key}}:${index}`;
  }

  private goLocal(error: unknown): void {
    if (!this.isAway) {
      this.isAway = true;
      this.logger.warn({ err: error }, 'Redis is away: rate limits are counted by each process on its own');
    }
  }

  private goShared(): void {
    if (this.isAway) {
      this.isAway = false;
      this.logger.log('Redis is back: rate limits are shared again');
    }
  }
}
