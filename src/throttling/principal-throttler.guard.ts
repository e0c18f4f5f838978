import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { CountedRequest } from './counted-request.js';
import { enforce } from './limiting.js';
import { type RateLimit, hitsOf } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits } from './rate-limits.js';
import { RouteLimits } from './route-limits.js';

/** Limits requests by user or service, whatever the address. Runs after the guards that know them; lets guests pass. */
@Injectable()
export class PrincipalThrottlerGuard implements CanActivate {
  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
    private readonly routes: RouteLimits,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const http = context.switchToHttp();
    const { user, service, countedPrincipal } = http.getRequest<CountedRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (user !== undefined) {
      return countedPrincipal === user.sub || this.limit(reply, user.sub, this.routes.of(context).principal);
    }
    return service === undefined || this.limit(reply, service.id, [this.limits.service]);
  }

  private limit(reply: FastifyReply, key: string, rateLimits: readonly RateLimit[]): true | Promise<true> {
    const [only] = rateLimits;
    const state =
      only !== undefined && rateLimits.length === 1
        ? this.storage.hit(key, only)
        : this.storage.hitAll(hitsOf(key, rateLimits));
    return state instanceof Promise
      ? state.then((counted) => enforce(reply, counted))
      : enforce(reply, state);
  }
}
