import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Caller } from '../http/caller.decorator.js';
import { Clock } from '../time/clock.js';
import type { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import type { GrantedAccess } from './auth.service.js';
import type { AccessTokenClaims } from './decorators/access-token-claims.js';
import type { ReauthenticateDto } from './dto/reauthenticate.dto.js';
import { SecondFactorCheck, type SentCode } from './mfa/second-factor-check.js';
import { SecondFactors } from './mfa/second-factors.js';
import { CurrentPassword } from './passwords/current-password.js';
import { OwnerLock } from './owner-lock.js';
import type { PasswordSetAt } from './passwords/passwords.service.js';
import { Session } from './sessions/session.entity.js';
import { AccessTokenService } from './tokens/access-token.service.js';

/** Proves the password again within a session, so that step-up (RFC 9470) needs no second one. */
@Injectable()
export class ReauthenticationService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UsersService,
    private readonly currentPassword: CurrentPassword,
    private readonly owners: OwnerLock,
    private readonly factors: SecondFactors,
    private readonly secondFactor: SecondFactorCheck,
    private readonly accessTokens: AccessTokenService,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /**
   * An access token of the same session that says when the password was proved: now.
   * @throws Problem `invalid-credentials`, `mfa-required`, `too-many-requests`, or `invalid-token` where the session has ended meanwhile
   */
  async reauthenticate(
    { sub, sid }: AccessTokenClaims,
    { password, code }: ReauthenticateDto,
    caller: Caller,
  ): Promise<GrantedAccess> {
    const owner = await this.users.get(sub);
    return this.currentPassword.requireWithCode(owner, { password, code }, caller, (passwordSetAt, sent) =>
      this.renew({ sub, sid }, passwordSetAt, sent, caller),
    );
  }

  private async renew(
    { sub, sid }: Pick<AccessTokenClaims, 'sub' | 'sid'>,
    passwordSetAt: PasswordSetAt,
    sent: SentCode | null,
    caller: Caller,
  ): Promise<GrantedAccess> {
    // One that is set up from here on moves the time of the password, and so ends this.
    const needsCode = await this.factors.isEnabled(sub);
    const code = needsCode ? await this.secondFactor.demand(sub, sent, caller) : null;
    const issuance = await this.accessTokens.prepare();
    const { user, session, used } = await this.dataSource.transaction(async (manager) => {
      const renewed = await this.renewIn(manager, sub, sid, passwordSetAt);
      return {
        ...renewed,
        used: code === null ? null : await this.secondFactor.take(manager, sub, code, caller),
      };
    });
    const accessToken = await this.accessTokens.issue(user, session, issuance);
    this.secondFactor.settle(user, used, caller);
    this.audit.record('reauthenticated', { userId: sub, sessionId: sid }, caller);
    return { ...accessToken, session };
  }

  private async renewIn(
    manager: EntityManager,
    userId: string,
    sessionId: string,
    passwordSetAt: PasswordSetAt,
  ): Promise<{ user: User; session: Session }> {
    const now = this.clock.date();
    const { user, session } = await this.owners.lock(manager, { sub: userId, sid: sessionId }, passwordSetAt);
    session.authenticatedAt = now;
    await manager.update(Session, { id: sessionId }, { authenticatedAt: now });
    return { user, session };
  }
}
