import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { RateLimit } from './rate-limit.js';
import { makeRateLimit } from './rate-limit.js';
import { RATE_LIMITED, type RouteLimit } from './rate-limited.decorator.js';
import { RateLimits } from './rate-limits.js';
import { THROTTLE_AUTH } from './throttle-auth.decorator.js';

/** What applies to one route, by whom it counts. */
export interface LimitsOfRoute {
  readonly address: readonly RateLimit[];
  readonly principal: readonly RateLimit[];
  readonly account: readonly RateLimit[];
}

/** Works out once for each handler what limits it, where the stock guard does so at every request. */
@Injectable()
export class RouteLimits {
  private readonly known = new Map<unknown, LimitsOfRoute>();

  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  /** The limits of the route, the widest first. */
  of(context: ExecutionContext): LimitsOfRoute {
    const handler = context.getHandler();
    const known = this.known.get(handler);
    if (known) {
      return known;
    }
    const found = this.workOut(context);
    this.known.set(handler, found);
    return found;
  }

  private workOut(context: ExecutionContext): LimitsOfRoute {
    const places = [context.getHandler(), context.getClass()];
    const said = <T>(key: string): T | undefined => this.reflector.getAllAndOverride<T>(key, places);
    const own = this.reflector.getAllAndMerge<RouteLimit[]>(RATE_LIMITED, places);
    const by = (reach: RouteLimit['by']): RateLimit[] =>
      own.filter((limit) => limit.by === reach).map(({ rateLimit }) => rateLimit);
    const general = said<boolean>('THROTTLER:SKIPdefault') ? [] : [this.limits.address];
    const auth = said<boolean>(THROTTLE_AUTH) ? [this.limits.auth] : [];
    return {
      address: [...general, ...auth, ...this.stockLimit(context, said), ...by('address')],
      principal: [this.limits.principal, ...by('principal')],
      account: by('account'),
    };
  }

  /** `@Throttle({ default: { limit, ttl } })` of @nestjs/throttler: a limit of the route alone. */
  private stockLimit(
    context: ExecutionContext,
    said: (key: string) => number | undefined,
  ): readonly RateLimit[] {
    const [limit, windowMs] = [said('THROTTLER:LIMITdefault'), said('THROTTLER:TTLdefault')];
    return limit === undefined || windowMs === undefined
      ? []
      : [makeRateLimit(`${context.getClass().name}.${context.getHandler().name}`, [{ limit, windowMs }])];
  }
}
