import { Injectable } from '@nestjs/common';
import { KnownPrincipals } from '../../throttling/known-principals.js';
import type { WithRawRequest } from '../strategies/bearer-token.js';
import { TokenBlacklist } from '../tokens/revocation/token-blacklist.js';
import { VerifiedTokens } from './verified-tokens.js';

const SCHEME = 'Bearer ';

/**
 * Knows users by tokens that have been verified before. Not by one that has been taken back or is bound to a key: whoever
 * has stolen it must not use up what its owner is allowed.
 */
@Injectable()
export class VerifiedPrincipals extends KnownPrincipals {
  constructor(
    private readonly verified: VerifiedTokens,
    private readonly blacklist: TokenBlacklist,
  ) {
    super();
  }

  of({ raw }: WithRawRequest): string | undefined {
    const { authorization } = raw.headers;
    const claims = authorization?.startsWith(SCHEME)
      ? this.verified.find(authorization.slice(SCHEME.length))
      : undefined;
    return claims === undefined || claims.cnf !== undefined || this.blacklist.isRevoked(claims)
      ? undefined
      : claims.sub;
  }
}
