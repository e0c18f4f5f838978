import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply } from 'fastify';
import { databaseProblem } from '../../http/database-problem.js';
import { Problem } from '../../http/problem.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import type { AuthenticatedRequest } from '../decorators/authenticated-request.js';
import { bearerTokenOf, invalidToken, unauthenticated } from '../strategies/bearer-token.js';
import { RevocationCheck } from '../tokens/revocation/revocation-check.js';
import { AccessRules } from './access-rules.js';
import { VerifiedTokens } from './verified-tokens.js';

/**
 * Lets a request pass when its route is open or its access token is good. A token that has been verified once is not
 * verified again, but at each request it is checked for expiry and against the blacklist, in memory and at once.
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(
    private readonly rules: AccessRules,
    private readonly verified: VerifiedTokens,
    private readonly revocations: RevocationCheck,
  ) {
    super();
  }

  // The base class's type allows both; a remembered token is admitted without a promise.
  override canActivate(context: ExecutionContext): any {
    const rule = this.rules.of(context);
    if (rule.token === 'ignored') {
      return true;
    }
    const http = context.switchToHttp();
    http.getResponse<FastifyReply>().header('cache-control', 'no-store');
    const request = http.getRequest<AuthenticatedRequest>();
    const token = bearerTokenOf(request);
    if (token === null) {
      if (rule.token === 'optional') {
        return true;
      }
      throw unauthenticated();
    }
    const claims = this.verified.find(token);
    if (claims === undefined) {
      return this.verifyInFull(context, request, token);
    }
    request.user = claims;
    return this.refuseRevoked(claims);
  }

  /** Called by Passport with the outcome of `JwtStrategy`. */
  override handleRequest<T>(error: unknown, claims: T | false, reason: unknown): T {
    if (error) {
      throw error;
    }
    if (claims) {
      return claims;
    }
    if (reason instanceof Problem || databaseProblem(reason)) {
      throw reason;
    }
    throw invalidToken('The token is not one of ours.');
  }

  private async verifyInFull(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    token: string,
  ): Promise<boolean> {
    await super.canActivate(context);
    const claims = request.user;
    if (!claims) {
      throw unauthenticated();
    }
    this.verified.remember(token, claims);
    return this.refuseRevoked(claims);
  }

  private refuseRevoked(claims: AccessTokenClaims): true | Promise<true> {
    const isRevoked = this.revocations.isRevoked(claims);
    return typeof isRevoked === 'boolean' ? refuseIf(isRevoked) : isRevoked.then(refuseIf);
  }
}

function refuseIf(isRevoked: boolean): true {
  if (isRevoked) {
    throw invalidToken('The token has been taken back.');
  }
  return true;
}
