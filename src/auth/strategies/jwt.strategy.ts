import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { JWT_ALGORITHMS, Settings } from '../../config/settings.js';
import { Clock } from '../../time/clock.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { checkClaims } from '../tokens/check-claims.js';
import { isKeysOwnAlgorithm, readAccessTokenHeader } from '../tokens/compact-jwt.js';
import { KeyRing } from '../tokens/keys/key-ring.js';
import { accessTokenOf, invalidToken } from './bearer-token.js';

/**
 * The full check of an access token (RFC 8725, RFC 9068 4): the header picks a key of ours and must name that key's
 * own algorithm, passport-jwt verifies the signature, and every claim is checked against our own clock.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    keyRing: KeyRing,
  ) {
    super({
      jwtFromRequest: accessTokenOf,
      // The types of passport-jwt know strings and buffers only; jsonwebtoken below it takes key objects.
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: unknown, key?: any) => void) => {
        verifyingKeyOf(keyRing, token).then(
          (key) => done(null, key),
          (error: unknown) => done(error),
        );
      },
      algorithms: [...JWT_ALGORITHMS],
      // checkClaims looks at the times, with the injected clock.
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true },
    });
  }

  /** Called by passport-jwt with the payload of a token whose signature is right. */
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

async function verifyingKeyOf(keyRing: KeyRing, token: string): Promise<KeyObject> {
  const header = readAccessTokenHeader(token);
  const key = header && (await keyRing.findFresh(header.kid));
  if (!key || !isKeysOwnAlgorithm(header, key.algorithm)) {
    throw invalidToken('The token is not one of ours.');
  }
  return key.verifyingKey;
}
