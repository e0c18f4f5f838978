import { Global, Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { Settings } from '../config/settings.js';
import { Clock } from '../time/clock.js';
import { AccountLimiter } from './account-limiter.js';
import { AddressThrottlerGuard } from './address-throttler.guard.js';
import { DueHits } from './due-hits.js';
import { MailLimiter } from './mail-limiter.js';
import { MemoryRateLimitStorage } from './memory-rate-limit-storage.js';
import { PrincipalThrottlerGuard } from './principal-throttler.guard.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';
import { RefreshFailureLimiter } from './refresh-failure-limiter.js';
import { RedisRateLimitStorage } from './redis-rate-limit-storage.js';
import { RouteLimits } from './route-limits.js';
import { ServiceFailureLimiter } from './service-failure-limiter.js';

/** How often anyone may ask: limits by address, by user and by account, counted in memory or in Redis. */
@Global()
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [Settings],
      useFactory: ({ THROTTLE_LIMIT }: Settings) =>
        THROTTLE_LIMIT.slice(0, 1).map(({ limit, windowMs }) => ({ name: 'default', limit, ttl: windowMs })),
    }),
  ],
  providers: [
    RateLimits,
    RouteLimits,
    MemoryRateLimitStorage,
    {
      provide: RateLimitStorage,
      inject: [Settings, Clock, MemoryRateLimitStorage],
      useFactory: async (
        settings: Settings,
        clock: Clock,
        memory: MemoryRateLimitStorage,
      ): Promise<RateLimitStorage> => {
        if (settings.REDIS_URL === undefined) {
          return memory;
        }
        const redis = new RedisRateLimitStorage(settings.REDIS_URL, clock, memory);
        await redis.connect();
        return redis;
      },
    },
    DueHits,
    AddressThrottlerGuard,
    PrincipalThrottlerGuard,
    AccountLimiter,
    MailLimiter,
    ServiceFailureLimiter,
    RefreshFailureLimiter,
  ],
  exports: [
    DueHits,
    AddressThrottlerGuard,
    PrincipalThrottlerGuard,
    AccountLimiter,
    MailLimiter,
    ServiceFailureLimiter,
    RefreshFailureLimiter,
    RateLimitStorage,
  ],
})
export class ThrottlingModule {}
