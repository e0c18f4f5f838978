import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../time/clock.js';
import { User } from '../../users/user.entity.js';
import { isRefreshToken } from '../sessions/refresh-token.js';
import { isSessionAlive } from '../sessions/session.entity.js';
import { AccessTokenVerifier } from '../strategies/access-token-verifier.js';
import type { IntrospectionDto } from './dto/introspection.dto.js';
import { findFamily } from './refresh-token-family.js';
import type { PrivateClaim, ServiceClient } from './service-client.entity.js';

const INACTIVE: IntrospectionDto = { active: false };

/** Says of any text whether it is a token that may be used right now (RFC 7662), and to each service what it may know. */
@Injectable()
export class IntrospectionService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly verifier: AccessTokenVerifier,
  ) {}

  /** @throws Problem `unavailable` where it cannot be said */
  async introspect(token: string, { claims }: ServiceClient): Promise<IntrospectionDto> {
    return isRefreshToken(token) ? this.ofRefreshToken(token, claims) : this.ofAccessToken(token, claims);
  }

  private async ofAccessToken(token: string, granted: readonly PrivateClaim[]): Promise<IntrospectionDto> {
    const claims = await this.verifier.verify(token);
    if (!claims) {
      return INACTIVE;
    }
    const { iss, aud, sub, jti, iat, exp, auth_time, cnf, roles, sid } = claims;
    const kind = cnf ? ({ token_type: 'DPoP', cnf } as const) : ({ token_type: 'Bearer' } as const);
    const answer: IntrospectionDto = { active: true, iss, aud, sub, jti, iat, exp, auth_time, ...kind };
    if (!granted.includes('email')) {
      return { ...answer, ...only(granted, { roles, sid }) };
    }
    const user = await this.dataSource.manager.findOneBy(User, { id: sub, status: 'active' });
    return user ? { ...answer, ...only(granted, { roles, sid, email: user.email }) } : INACTIVE;
  }

  // Without `token_type`, `aud` and `jti`: a service that takes whatever is active must not take it for an access token.
  private async ofRefreshToken(token: string, granted: readonly PrivateClaim[]): Promise<IntrospectionDto> {
    const family = await findFamily(this.dataSource.manager, token);
    if (!family) {
      return INACTIVE;
    }
    const { row, session, user } = family;
    if (row.usedAt !== null || user.status !== 'active' || !isSessionAlive(session, this.clock.date())) {
      return INACTIVE;
    }
    return {
      active: true,
      iss: this.settings.JWT_ISSUER,
      sub: user.id,
      iat: toSeconds(row.createdAt.getTime()),
      exp: toSeconds(Math.min(session.idleUntil.getTime(), session.expiresAt.getTime())),
      ...only(granted, { roles: user.roles, sid: session.id, email: user.email }),
    };
  }
}

/** Of the private claims those that a service was granted. */
function only(
  granted: readonly PrivateClaim[],
  claims: Pick<IntrospectionDto, PrivateClaim>,
): Pick<IntrospectionDto, PrivateClaim> {
  return Object.fromEntries(granted.map((name) => [name, claims[name]]));
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
