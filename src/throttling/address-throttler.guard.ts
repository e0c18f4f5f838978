import { type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectThrottlerOptions, ThrottlerGuard, type ThrottlerModuleOptions } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accountKeyOf } from './account-key.js';
import { addressKeyOf } from './client-address.js';
import type { CountedRequest } from './counted-request.js';
import { DueHits } from './due-hits.js';
import { KnownPrincipals } from './known-principals.js';
import { enforceWhenKnown } from './limiting.js';
import { type Hit, hitsOf } from './rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { type LimitsOfRoute, RouteLimits } from './route-limits.js';

/**
 * Limits requests by client address, whatever their tokens are worth: who forges them pays for it. Where the storage is
 * shared, whoever is known already is counted in the same breath, and where more is to be counted for the request than is
 * known yet, the address waits for it, as long as this process knows of no reason to refuse it.
 */
@Injectable()
export class AddressThrottlerGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @Inject(RateLimitStorage) private readonly storage: RateLimitStorage,
    reflector: Reflector,
    private readonly routes: RouteLimits,
    private readonly due: DueHits,
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
    request.addressKey = addressKeyOf(request);
    const limits = this.routes.of(context);
    const [first] = limits.address;
    const isOne = first !== undefined && limits.address.length === 1 && limits.account.length === 0;
    if (isOne && !this.storage.isShared()) {
      return enforceWhenKnown(reply, this.storage.hit(request.addressKey, first));
    }
    return this.countOrDefer(request, reply, limits);
  }

  private countOrDefer(
    request: FastifyRequest & CountedRequest,
    reply: FastifyReply,
    limits: LimitsOfRoute,
  ): true | Promise<true> {
    const hits = [...this.anonymousHits(request, limits), ...this.knownHits(request, limits)];
    if (hits.length === 0) {
      return true;
    }
    const isMoreToCome = limits.areCountedLater || mayBecomeKnown(request);
    this.due.add(request, reply, hits);
    return (isMoreToCome && this.due.letWait(request)) || this.due.count(request);
  }

  private anonymousHits(
    { addressKey = '', body }: FastifyRequest & CountedRequest,
    { address, account }: LimitsOfRoute,
  ): Hit[] {
    const accountKey = account.length > 0 ? accountKeyOf(body) : undefined;
    return [...hitsOf(addressKey, address), ...(accountKey === undefined ? [] : hitsOf(accountKey, account))];
  }

  private knownHits(request: FastifyRequest & CountedRequest, { address, principal }: LimitsOfRoute): Hit[] {
    const isAskedAnyway = address.length > 0 && this.storage.isShared();
    const known = isAskedAnyway ? this.principals?.of(request) : undefined;
    if (known === undefined) {
      return [];
    }
    request.countedPrincipal = known;
    return hitsOf(known, principal);
  }
}

function mayBecomeKnown({ raw, countedPrincipal }: FastifyRequest & CountedRequest): boolean {
  return countedPrincipal === undefined && raw.headers.authorization !== undefined;
}
