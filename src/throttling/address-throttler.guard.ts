import { type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectThrottlerOptions, ThrottlerGuard, type ThrottlerModuleOptions } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accountKeyOf } from './account-key.js';
import { clientAddressKey } from './client-address.js';
import type { CountedRequest } from './counted-request.js';
import { KnownPrincipals } from './known-principals.js';
import { enforce } from './limiting.js';
import { type Hit, hitsOf } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { type LimitsOfRoute, RouteLimits } from './route-limits.js';

/**
 * Limits requests by client address, before anybody is authenticated: who forges tokens pays for it. Whoever is known
 * already is counted in the same breath, so that a shared storage is asked once a request.
 */
@Injectable()
export class AddressThrottlerGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @Inject(RateLimitStorage) private readonly storage: RateLimitStorage,
    reflector: Reflector,
    private readonly routes: RouteLimits,
    @Optional() private readonly principals?: KnownPrincipals,
  ) {
    super(options, storage, reflector);
  }

  // The base class's type asks for a promise; none is needed while counting in memory.
  override canActivate(context: ExecutionContext): any {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & CountedRequest>();
    const reply = http.getResponse<FastifyReply>();
    request.isCounted = true;
    const limits = this.routes.of(context);
    const [first] = limits.address;
    const isOne = first !== undefined && limits.address.length === 1 && limits.account.length === 0;
    if (isOne && !this.storage.isShared()) {
      const state = this.storage.hit(clientAddressKey(request.ip), first);
      return state instanceof Promise
        ? state.then((counted) => enforce(reply, counted))
        : enforce(reply, state);
    }
    const hits = [...this.anonymousHits(request, limits), ...this.knownHits(request, limits)];
    return hits.length === 0 || this.limitAll(reply, hits);
  }

  private anonymousHits({ ip, body }: FastifyRequest, { address, account }: LimitsOfRoute): Hit[] {
    const accountKey = account.length > 0 ? accountKeyOf(body) : undefined;
    return [
      ...hitsOf(clientAddressKey(ip), address),
      ...(accountKey === undefined ? [] : hitsOf(accountKey, account)),
    ];
  }

  private knownHits(request: FastifyRequest & CountedRequest, { principal }: LimitsOfRoute): Hit[] {
    const known = this.storage.isShared() ? this.principals?.of(request) : undefined;
    if (known === undefined) {
      return [];
    }
    request.countedPrincipal = known;
    return hitsOf(known, principal);
  }

  private async limitAll(reply: FastifyReply, hits: readonly Hit[]): Promise<true> {
    return enforce(reply, await this.storage.hitAll(hits));
  }
}
