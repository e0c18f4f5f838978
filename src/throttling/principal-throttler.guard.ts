import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddressKey } from './client-address.js';
import type { CountedRequest } from './counted-request.js';
import { DueHits } from './due-hits.js';
import { enforce } from './limiting.js';
import { type Hit, hitsOf } from './rate-limit.js';
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
    private readonly due: DueHits,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & CountedRequest>();
    const reply = http.getResponse<FastifyReply>();
    const hits = this.hitsOf(request, context);
    if (this.due.areThere(request)) {
      this.due.add(request, reply, hits);
      return this.routes.of(context).areCountedLater || this.countNow(request);
    }
    const [only] = hits;
    if (only === undefined) {
      return true;
    }
    if (hits.length === 1) {
      const state = this.storage.hit(only.key, only.rateLimit);
      return state instanceof Promise
        ? state.then((counted) => enforce(reply, counted))
        : enforce(reply, state);
    }
    this.due.add(request, reply, hits);
    return this.countNow(request);
  }

  private hitsOf(request: FastifyRequest & CountedRequest, context: ExecutionContext): Hit[] {
    const { user, service, countedPrincipal, ip } = request;
    if (user !== undefined) {
      return countedPrincipal === user.sub ? [] : hitsOf(user.sub, this.routes.of(context).principal);
    }
    // An address that has failed too often by now is not listened to, even where it is right at last.
    return service === undefined
      ? []
      : [
          { key: clientAddressKey(ip), rateLimit: this.limits.serviceFailures, isPeek: true },
          { key: service.id, rateLimit: this.limits.service },
        ];
  }

  private async countNow(request: FastifyRequest): Promise<true> {
    await this.due.count(request);
    return true;
  }
}
