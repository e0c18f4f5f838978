import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import { Settings } from '../../config/settings.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Problem, invalidField } from '../../http/problem.js';
import type { User } from '../../users/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { FactorNotice } from './factor-notice.js';
import { SecondFactors } from './second-factors.js';
import { base32Of, totpUri } from './totp.js';

/** What there is of an account's second factor. */
export interface MfaState {
  readonly enabled: boolean;
  readonly recoveryCodesLeft: number;
}

/** Setting up a second factor, and taking it away. Each change holds the lock of the account that sign-ins wait for. */
@Injectable()
export class MfaService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly factors: SecondFactors,
    private readonly notice: FactorNotice,
    private readonly audit: AuditLog,
  ) {}

  async stateOf(userId: string): Promise<MfaState> {
    return {
      enabled: await this.factors.isEnabled(userId),
      recoveryCodesLeft: await this.factors.recoveryCodesLeft(userId),
    };
  }

  /** A secret for an authenticator app, which does nothing yet. @throws Problem `conflict` where there is a factor */
  async begin(userId: string, caller: Caller): Promise<{ secret: string; uri: string }> {
    const { email, secret } = await this.dataSource.transaction(async (manager) => {
      const user = await this.users.lock(manager, userId);
      await this.refuseSecond(manager, userId);
      return { email: user.email, secret: await this.factors.begin(manager, userId) };
    });
    this.audit.record('second-factor-begun', { userId }, caller);
    return { secret: base32Of(secret), uri: totpUri(secret, this.issuer, email) };
  }

  /**
   * Confirms the secret with a code: from now on signing in needs one. Sessions that were opened without end, and so do
   * sign-ins that are under way. Answers with the recovery codes.
   * @throws Problem `validation-failed` for a wrong code, `conflict` where there is a factor or nothing to confirm
   */
  async confirm({ sub, sid }: AccessTokenClaims, code: string, caller: Caller): Promise<string[]> {
    const { email, codes } = await this.dataSource.transaction(async (manager) => {
      const user = await this.users.lock(manager, sub);
      await this.refuseSecond(manager, sub);
      if (!(await this.factors.hasBegun(manager, sub))) {
        throw new Problem('conflict', 'There is no second factor to confirm: begin with one.');
      }
      if (!(await this.factors.confirm(manager, sub, code))) {
        throw invalidField('/code', 'is not what the authenticator app shows for this secret now');
      }
      await this.passwords.invalidateChecks(manager, sub);
      await this.sessions.endOthers(manager, sub, sid);
      return { email: user.email, codes: await this.factors.renewRecoveryCodes(manager, sub) };
    });
    this.audit.record('second-factor-enabled', { userId: sub, sessionId: sid }, caller);
    this.notice.tell(email, 'enabled');
    return codes;
  }

  /** New recovery codes; the old ones are good for nothing. @throws Problem `conflict` without a second factor */
  async renewRecoveryCodes(userId: string, caller: Caller): Promise<string[]> {
    const { email, codes } = await this.dataSource.transaction(async (manager) => {
      const user = await this.users.lock(manager, userId);
      if (!(await this.factors.isEnabled(userId, manager))) {
        throw new Problem('conflict', 'There is no second factor that codes could stand in for.');
      }
      return { email: user.email, codes: await this.factors.renewRecoveryCodes(manager, userId) };
    });
    this.audit.record('recovery-codes-made', { userId }, caller);
    this.notice.tell(email, 'recovery-codes-made');
    return codes;
  }

  /** Takes the second factor of an account away, if it has one. @throws Problem `not-found` without the account */
  async remove(userId: string, byUserId: string, caller: Caller): Promise<void> {
    const removedFrom = await this.dataSource.transaction(async (manager): Promise<User | null> => {
      const user = await this.users.lock(manager, userId);
      return (await this.factors.remove(manager, userId)) ? user : null;
    });
    if (removedFrom) {
      this.audit.record('second-factor-disabled', { userId, byUserId }, caller);
      this.notice.tell(removedFrom.email, 'disabled');
    }
  }

  private async refuseSecond(manager: EntityManager, userId: string): Promise<void> {
    if (await this.factors.isEnabled(userId, manager)) {
      throw new Problem('conflict', 'There is a second factor already: take it away first.');
    }
  }

  // What an authenticator app shows above the code.
  private get issuer(): string {
    const { JWT_ISSUER } = this.settings;
    return URL.canParse(JWT_ISSUER) ? new URL(JWT_ISSUER).host : JWT_ISSUER;
  }
}
