import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CountedRequest } from './counted-request.js';
import { DueHits } from './due-hits.js';
import { enforceWhenKnown } from './limiting.js';
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
    const isDue = this.due.areThere(request);
    const [only] = hits;
    if (!isDue && hits.length <= 1) {
      return only === undefined || enforceWhenKnown(reply, this.storage.hit(only.key, only.rateLimit));
    }
    this.due.add(request, reply, hits);
    return (isDue && this.routes.of(context).areCountedLater) || this.due.count(request);
  }

  private hitsOf(request: FastifyRequest & CountedRequest, context: ExecutionContext): Hit[] {
    const { user, service, countedPrincipal, addressKey = '' } = request;
    if (user !== undefined) {
      return countedPrincipal === user.sub ? [] : hitsOf(user.sub, this.routes.of(context).principal);
    }
    // An address that has failed too often by now is not listened to, even where it is right at last.
    return service === undefined
      ? []
      : [
          { key: addressKey, rateLimit: this.limits.serviceFailures, isPeek: true },
          ...hitsOf(service.id, this.routes.of(context).service),
        ];
  }
}
