import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { enforce } from './limiting.js';
import type { RateLimit } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits, policyOf } from './rate-limits.js';

/** Limits requests by user or service, whatever the address. Runs after the guards that know them; lets guests pass. */
@Injectable()
export class PrincipalThrottlerGuard implements CanActivate {
  private readonly policy: string;
  private readonly servicePolicy: string;

  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
  ) {
    this.policy = policyOf(limits.principal);
    this.servicePolicy = policyOf(limits.service);
  }

  canActivate(context: ExecutionContext): true | Promise<true> {
    const http = context.switchToHttp();
    const { user, service } = http.getRequest<{ user?: { sub: string }; service?: { id: string } }>();
    const reply = http.getResponse<FastifyReply>();
    if (user !== undefined) {
      return this.limit(reply, user.sub, this.limits.principal, this.policy);
    }
    return service === undefined || this.limit(reply, service.id, this.limits.service, this.servicePolicy);
  }

  private limit(
    reply: FastifyReply,
    key: string,
    rateLimit: RateLimit,
    policy: string,
  ): true | Promise<true> {
    const state = this.storage.hit(key, rateLimit);
    return state instanceof Promise
      ? state.then((counted) => enforce(reply, rateLimit, policy, counted))
      : enforce(reply, rateLimit, policy, state);
  }
}
