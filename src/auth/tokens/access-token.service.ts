import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../time/clock.js';
import type { User } from '../../users/user.entity.js';
import { KeyRing } from './keys/key-ring.js';
import type { RingKey } from './keys/ring-key.js';
import { TokenSigner } from './token-signer.js';

/** What a token says of the session that it belongs to. */
export interface TokenSession {
  readonly id: string;
  /** When its owner last proved their password. */
  readonly authenticatedAt: Date;
  /** The thumbprint of the key that it is bound to, if it is. */
  readonly jkt: string | null;
}

/** What is settled of a token before the transaction that it comes of. */
export interface Issuance {
  /** Seconds since 1970, from which on it lives. */
  readonly asOf: number;
  /** A key that signed at that time or later, so that it verifies until the token has expired, unless it is retired. */
  readonly key: RingKey;
}

/** Issues access tokens (RFC 9068): signed with the current key, short-lived, nothing private inside. */
@Injectable()
export class AccessTokenService {
  constructor(
    private readonly signer: TokenSigner,
    private readonly keyRing: KeyRing,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * Called before what the token says is read, and before anything is written that is of no use without the token: not
   * within a transaction (see `KeyRing`).
   * @throws Problem `unavailable` where no key can sign, and what the database throws
   */
  async prepare(): Promise<Issuance> {
    const asOf = this.clock.seconds();
    return { asOf, key: await this.keyRing.freshSigningKey() };
  }

  /**
   * Signs a token for a session of the user; it lives `expiresIn` seconds from the time it was prepared. Whatever takes
   * it back after that outlives it, however long the transaction had to wait.
   */
  async issue(
    { id, roles, version }: User,
    session: TokenSession,
    { asOf, key }: Issuance,
  ): Promise<{ accessToken: string; expiresIn: number }> {
    const { JWT_ISSUER, JWT_AUDIENCE, ACCESS_TOKEN_TTL } = this.settings;
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
