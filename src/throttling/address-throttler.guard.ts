import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectThrottlerOptions, ThrottlerGuard, type ThrottlerModuleOptions } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddressKey } from './client-address.js';
import { enforce } from './limiting.js';
import type { RateLimit } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimits, policyOf } from './rate-limits.js';
import { THROTTLE_AUTH } from './throttle-auth.decorator.js';

interface Plan {
  readonly rateLimit: RateLimit;
  readonly policy: string;
}

/**
 * Limits requests by client address, before anybody is authenticated: who forges tokens pays for it. What applies to
 * a handler is worked out once, where the stock guard does so at every request.
 */
@Injectable()
export class AddressThrottlerGuard extends ThrottlerGuard {
  private readonly plans = new Map<unknown, readonly Plan[]>();

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @Inject(RateLimitStorage) private readonly storage: RateLimitStorage,
    reflector: Reflector,
    private readonly limits: RateLimits,
  ) {
    super(options, storage, reflector);
  }

  // The base class's type asks for a promise; none is needed while counting in memory.
  override canActivate(context: ExecutionContext): any {
    const http = context.switchToHttp();
    const key = clientAddressKey(http.getRequest<FastifyRequest>().ip);
    const reply = http.getResponse<FastifyReply>();
    const plans = this.plansOf(context);
    const [plan] = plans;
    if (plan === undefined) {
      return true;
    }
    return plans.length === 1 ? this.limit(reply, key, plan) : this.limitAll(reply, key, plans);
  }

  private limit(reply: FastifyReply, key: string, { rateLimit, policy }: Plan): true | Promise<true> {
    const state = this.storage.hit(key, rateLimit);
    return state instanceof Promise
      ? state.then((counted) => enforce(reply, rateLimit, policy, counted))
      : enforce(reply, rateLimit, policy, state);
  }

  private async limitAll(reply: FastifyReply, key: string, plans: readonly Plan[]): Promise<true> {
    for (const plan of plans) {
      await this.limit(reply, key, plan);
    }
    return true;
  }

  private plansOf(context: ExecutionContext): readonly Plan[] {
    const handler = context.getHandler();
    const known = this.plans.get(handler);
    if (known) {
      return known;
    }
    const isOn = (key: string): boolean =>
      this.reflector.getAllAndOverride<boolean>(key, [handler, context.getClass()]) ?? false;
    const rateLimits = isOn('THROTTLER:SKIPdefault')
      ? []
      : [this.limits.address, ...(isOn(THROTTLE_AUTH) ? [this.limits.auth] : [])];
    const plans = rateLimits.map((rateLimit) => ({ rateLimit, policy: policyOf(rateLimit) }));
    this.plans.set(handler, plans);
    return plans;
  }
}
