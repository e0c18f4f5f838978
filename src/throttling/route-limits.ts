import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type RateLimit, makeRateLimit } from './rate-limit.js';
import { COUNTED_LATER } from './counted-later.decorator.js';
import { NOT_COUNTED_BY_PRINCIPAL } from './not-counted-by-principal.decorator.js';
import { RATE_LIMITED, type RouteLimit } from './rate-limited.decorator.js';
import { RateLimits } from './rate-limits.js';

/** What applies to one route, by whom it counts. */
export interface LimitsOfRoute {
  readonly address: readonly RateLimit[];
  /** By user. */
  readonly principal: readonly RateLimit[];
  readonly service: readonly RateLimit[];
  readonly account: readonly RateLimit[];
  /** Whether its handler counts more, and what waits with it. */
  readonly areCountedLater: boolean;
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
    const own = this.reflector.getAllAndMerge<RouteLimit[]>(RATE_LIMITED, places);
    const by = (reach: RouteLimit['by']): RateLimit[] =>
      own
        .filter((limit) => limit.by === reach)
        .map(({ rateLimit }) => (typeof rateLimit === 'string' ? this.limits[rateLimit] : rateLimit));
    const isSkipped = this.reflector.getAllAndOverride<boolean | undefined>('THROTTLER:SKIPdefault', places);
    const isFlagged = (key: string): boolean =>
      this.reflector.get<boolean | undefined>(key, context.getHandler()) ?? false;
    const general = isSkipped ? [] : [this.limits.address];
    return {
      address: [...general, ...this.stockLimit(context), ...by('address')],
      principal: [
        ...(isFlagged(NOT_COUNTED_BY_PRINCIPAL) ? [] : [this.limits.principal]),
        ...by('principal'),
      ],
      service: [this.limits.service, ...by('principal')],
      account: by('account'),
      areCountedLater: isFlagged(COUNTED_LATER),
    };
  }

  /** `@Throttle({ default: { limit, ttl } })` of @nestjs/throttler: a limit of the route alone. */
  private stockLimit(context: ExecutionContext): readonly RateLimit[] {
    const places = [context.getHandler(), context.getClass()];
    const number = (key: string): number | undefined => this.reflector.getAllAndOverride(key, places);
    const [limit, windowMs] = [number('THROTTLER:LIMITdefault'), number('THROTTLER:TTLdefault')];
    return limit === undefined || windowMs === undefined
      ? []
      : [makeRateLimit(`${context.getClass().name}.${context.getHandler().name}`, [{ limit, windowMs }])];
  }
}
