import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply } from 'fastify';
import { databaseProblem } from '../../http/database-problem.js';
import { Problem } from '../../http/problem.js';
import { invalidDpopToken } from '../dpop/challenge.js';
import { ProofCheck } from '../dpop/proof-check.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import type { AuthenticatedRequest } from '../decorators/authenticated-request.js';
import { accessTokenOf, invalidToken, unauthenticated, usesDpopScheme } from '../strategies/bearer-token.js';
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
    private readonly proofs: ProofCheck,
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
    const token = accessTokenOf(request);
    if (token === null) {
      if (rule.token === 'optional') {
        return true;
      }
      throw unauthenticated();
    }
    if (usesDpopScheme(request)) {
      return this.admitBound(context, request, token);
    }
    const claims = this.verified.find(token);
    if (claims === undefined) {
      return this.verifyInFull(context, request, token).then((verified) =>
        this.admit(request, token, verified),
      );
    }
    request.user = claims;
    return this.admit(request, token, claims);
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
  ): Promise<AccessTokenClaims> {
    await super.canActivate(context);
    const claims = request.user;
    if (!claims) {
      throw unauthenticated();
    }
    this.verified.remember(token, claims);
    return claims;
  }

  // A token that is bound to a key never passes as a bearer token (RFC 9449 7.2).
  private admit(
    request: AuthenticatedRequest,
    token: string,
    claims: AccessTokenClaims,
  ): true | Promise<true> {
    return claims.cnf === undefined ? this.refuseRevoked(claims) : this.proofs.admit(request, token, claims);
  }

  private async admitBound(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    token: string,
  ): Promise<true> {
    try {
      const claims = this.verified.find(token) ?? (await this.verifyInFull(context, request, token));
      request.user = claims;
      await this.refuseRevoked(claims);
      return await this.proofs.admit(request, token, claims);
    } catch (error) {
      throw error instanceof Problem && error.code === 'invalid-token'
        ? invalidDpopToken(error.detail)
        : error;
    }
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
