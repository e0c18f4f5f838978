import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import type { User } from '../../users/user.entity.js';
import { KeyRing } from './keys/key-ring.js';
import { TokenSigner } from './token-signer.js';

/** What a token says of the session that it belongs to. */
export interface TokenSession {
  readonly id: string;
  /** When its owner last proved their password. */
  readonly authenticatedAt: Date;
  /** The thumbprint of the key that it is bound to, if it is. */
  readonly jkt: string | null;
}

/** Issues access tokens (RFC 9068): signed with the current key, short-lived, nothing private inside. */
@Injectable()
export class AccessTokenService {
  constructor(
    private readonly signer: TokenSigner,
    private readonly keyRing: KeyRing,
    private readonly settings: Settings,
  ) {}

  /**
   * Signs a token for a session of the user; it lives `expiresIn` seconds from `asOf` (seconds since 1970), a time before
   * both were read. Whatever takes them back after that outlives the token, however long signing had to wait. Not
   * within a transaction: see `KeyRing`.
   */
  async issue(
    { id, roles, version }: User,
    session: TokenSession,
    asOf: number,
  ): Promise<{ accessToken: string; expiresIn: number }> {
    const { JWT_ISSUER, JWT_AUDIENCE, ACCESS_TOKEN_TTL } = this.settings;
    const key = await this.keyRing.freshSigningKey();
    const claims = {
      iss: JWT_ISSUER,
      aud: JWT_AUDIENCE,
      sub: id,
      sid: session.id,
      jti: randomUUID(),
      iat: asOf,
      exp: asOf + ACCESS_TOKEN_TTL,
      auth_time: Math.floor(session.authenticatedAt.getTime() / 1000),
      ...(session.jkt !== null && { cnf: { jkt: session.jkt } }),
      roles,
      ver: version,
    };
    const accessToken = await this.signer.sign(claims, key);
    return { accessToken, expiresIn: ACCESS_TOKEN_TTL };
  }
}
