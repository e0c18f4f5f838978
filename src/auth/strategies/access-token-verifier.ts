import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../time/clock.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { VerifiedTokens } from '../guards/verified-tokens.js';
import { checkClaims } from '../tokens/check-claims.js';
import { isKeysOwnAlgorithm, readAccessTokenHeader } from '../tokens/compact-jwt.js';
import { KeyRing } from '../tokens/keys/key-ring.js';
import { RevocationCheck } from '../tokens/revocation/revocation-check.js';
import { signedPayload } from '../tokens/signed-payload.js';

/** The full check of an access token that is not the caller's own: what `JwtAuthGuard` does, as a question. */
@Injectable()
export class AccessTokenVerifier {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly verified: VerifiedTokens,
    private readonly revocations: RevocationCheck,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** The claims of a token that is good right now, or `null`. @throws Problem `unavailable` where that cannot be said */
  async verify(token: string): Promise<AccessTokenClaims | null> {
    const claims = this.verified.find(token) ?? (await this.verifyInFull(token));
    return claims === null || (await this.revocations.isRevoked(claims)) ? null : claims;
  }

  private async verifyInFull(token: string): Promise<AccessTokenClaims | null> {
    const header = readAccessTokenHeader(token);
    const key = header && (await this.keyRing.findFresh(header.kid));
    if (!key || !isKeysOwnAlgorithm(header, key.algorithm)) {
      return null;
    }
    const claims = checkClaims(signedPayload(token, key), {
      issuer: this.settings.JWT_ISSUER,
      audience: this.settings.JWT_AUDIENCE,
      now: this.clock.seconds(),
    });
    if (claims) {
      this.verified.remember(token, claims);
    }
    return claims;
  }
}
