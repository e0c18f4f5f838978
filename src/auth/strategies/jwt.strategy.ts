import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../time/clock.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { checkClaims } from '../tokens/check-claims.js';
import { isKeysOwnAlgorithm, readAccessTokenHeader } from '../tokens/compact-jwt.js';
import { KeyRing } from '../tokens/keys/key-ring.js';
import type { VerifyingKey } from '../tokens/keys/ring-key.js';
import { invalidToken } from './bearer-token.js';
import { KeyObjectStrategy } from './key-object.strategy.js';

/**
 * The full check of an access token (RFC 8725, RFC 9068 4): the header picks a key of ours and must name that key's
 * own algorithm, the signature is verified, and every claim is checked against our own clock.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(KeyObjectStrategy, 'jwt') {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    keyRing: KeyRing,
  ) {
    super((token: string) => verifyingKeyOf(keyRing, token));
  }

  /** Called with the payload of a token whose signature is right. */
  validate(payload: unknown): AccessTokenClaims {
    const claims = checkClaims(payload, {
      issuer: this.settings.JWT_ISSUER,
      audience: this.settings.JWT_AUDIENCE,
      now: this.clock.seconds(),
    });
    if (!claims) {
      throw invalidToken('The token has expired or is not for this API.');
    }
    return claims;
  }
}

async function verifyingKeyOf(keyRing: KeyRing, token: string): Promise<VerifyingKey> {
  const header = readAccessTokenHeader(token);
  const key = header && (await keyRing.findFresh(header.kid));
  if (!key || !isKeysOwnAlgorithm(header, key.algorithm)) {
    throw invalidToken('The token is not one of ours.');
  }
  return key;
}
