import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { enforce } from './limiting.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits, policyOf } from './rate-limits.js';

/** Limits requests by user, whatever the address. Runs after `JwtAuthGuard`, and lets guests pass. */
@Injectable()
export class PrincipalThrottlerGuard implements CanActivate {
  private readonly policy: string;

  constructor(
    private readonly storage: RateLimitStorage,
    private readonly limits: RateLimits,
  ) {
    this.policy = policyOf(limits.principal);
  }

  canActivate(context: ExecutionContext): true | Promise<true> {
    const http = context.switchToHttp();
    const { user } = http.getRequest<{ user?: { sub: string } }>();
    if (user === undefined) {
      return true;
    }
    const reply = http.getResponse<FastifyReply>();
    const state = this.storage.hit(user.sub, this.limits.principal);
    return state instanceof Promise
      ? state.then((counted) => enforce(reply, this.limits.principal, this.policy, counted))
      : enforce(reply, this.limits.principal, this.policy, state);
  }
}
