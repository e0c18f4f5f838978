import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import { Settings } from '../../config/settings.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Problem, invalidField } from '../../http/problem.js';
import { AccountAdministrationService } from '../../users/account-administration.service.js';
import type { User } from '../../users/user.entity.js';
import { UsersService } from '../../users/users.service.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { PasswordsService } from '../passwords/passwords.service.js';
import type { ProvedAccount } from '../devices/device-cookie.js';
import type { Session } from '../sessions/session.entity.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { invalidToken } from '../strategies/bearer-token.js';
import { OwnerNotice } from '../owner-notice.js';
import { SecondFactors } from './second-factors.js';
import { base32Of, totpUri } from './totp.js';

/** What there is of an account's second factor. */
export interface MfaState {
  readonly enabled: boolean;
  readonly recoveryCodesLeft: number;
}

/** A second factor that has just been confirmed, and the session in which it was. */
export interface ConfirmedFactor {
  readonly recoveryCodes: string[];
  readonly account: ProvedAccount;
  readonly session: Session;
}

/** Setting up a second factor, and taking it away. Each change holds the lock of the account that sign-ins wait for. */
@Injectable()
export class MfaService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly users: UsersService,
    private readonly accounts: AccountAdministrationService,
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
    private readonly factors: SecondFactors,
    private readonly notice: OwnerNotice,
    private readonly audit: AuditLog,
  ) {}

  async stateOf(userId: string): Promise<MfaState> {
    return {
      enabled: await this.factors.isEnabled(userId),
      recoveryCodesLeft: await this.factors.recoveryCodesLeft(userId),
    };
  }

  /**
   * A secret for an authenticator app, which does nothing yet.
   * @throws Problem `conflict` where there is a factor, and where the address is not verified
   */
  async begin(claims: AccessTokenClaims, caller: Caller): Promise<{ secret: string; uri: string }> {
    const { email, secret } = await this.dataSource.transaction(async (manager) => {
      const user = await this.lockOwner(manager, claims);
      if (!user.emailVerified) {
        // Whoever registered with somebody else's address is not to keep its owner out.
        throw new Problem(
          'conflict',
          'Verify your address first; POST /v1/auth/email/resend sends the link again.',
        );
      }
      if (await this.factors.isEnabled(user.id, manager)) {
        throw new Problem('conflict', 'There is a second factor already: take it away first.');
      }
      return { email: user.email, secret: await this.factors.begin(manager, user.id) };
    });
    this.audit.record('second-factor-begun', { userId: claims.sub }, caller);
    return { secret: base32Of(secret), uri: totpUri(secret, this.issuer, email) };
  }

  /**
   * Confirms the secret with a code: from now on signing in needs one. Sessions that were opened without end, and so do
   * sign-ins that are under way. Answers with the recovery codes, and with what the browser is known by from now on.
   * @throws Problem `validation-failed` for a wrong code, `conflict` where there is a factor or nothing to confirm
   */
  async confirm(claims: AccessTokenClaims, code: string, caller: Caller): Promise<ConfirmedFactor> {
    const { sub, sid } = claims;
    const confirmed = await this.dataSource.transaction(async (manager) => {
      const { user, session } = await this.lockOwnerAndSession(manager, claims);
      if (!(await this.factors.isWaiting(manager, sub))) {
        throw new Problem(
          'conflict',
          'There is no second factor that waits to be confirmed: begin with one.',
        );
      }
      if (!(await this.factors.confirm(manager, sub, code))) {
        throw invalidField('/code', 'is not what the authenticator app shows for this secret now');
      }
      const password = await this.passwords.invalidateChecks(manager, sub);
      await this.sessions.endOthers(manager, sub, sid);
      const recoveryCodes = await this.factors.renewRecoveryCodes(manager, sub);
      return { recoveryCodes, account: { email: user.email, ...password }, session };
    });
    this.audit.record('second-factor-enabled', { userId: sub, sessionId: sid }, caller);
    this.notice.factorChanged(confirmed.account.email, 'enabled');
    return confirmed;
  }

  /** New recovery codes; the old ones are good for nothing. @throws Problem `conflict` without a second factor */
  async renewRecoveryCodes(claims: AccessTokenClaims, caller: Caller): Promise<string[]> {
    const { user, codes } = await this.dataSource.transaction(async (manager) => {
      const owner = await this.lockOwner(manager, claims);
      if (!(await this.factors.isEnabled(owner.id, manager))) {
        throw new Problem('conflict', 'There is no second factor that codes could stand in for.');
      }
      return { user: owner, codes: await this.factors.renewRecoveryCodes(manager, owner.id) };
    });
    this.audit.record('recovery-codes-made', { userId: user.id }, caller);
    this.notice.factorChanged(user.email, 'recovery-codes-made');
    return codes;
  }

  /** Takes one's own second factor away, if there is one. */
  async removeOwn(claims: AccessTokenClaims, caller: Caller): Promise<void> {
    await this.remove((manager) => this.lockOwner(manager, claims), claims.sub, caller);
  }

  /** Takes somebody's second factor away, if there is one. @throws Problem `not-found` without the account, `forbidden` for who is no administrator any more */
  async removeFrom(userId: string, byUserId: string | undefined, caller: Caller): Promise<void> {
    const lock = async (manager: EntityManager): Promise<User> => {
      if (byUserId !== undefined) {
        await this.accounts.requireAdmin(manager, byUserId);
      }
      return this.users.lock(manager, userId);
    };
    await this.remove(lock, byUserId, caller);
  }

  private async remove(
    lock: (manager: EntityManager) => Promise<User>,
    byUserId: string | undefined,
    caller: Caller,
  ): Promise<void> {
    const loser = await this.dataSource.transaction(async (manager): Promise<User | null> => {
      const user = await lock(manager);
      return (await this.factors.remove(manager, user.id)) ? user : null;
    });
    if (loser) {
      this.audit.record(
        'second-factor-disabled',
        { userId: loser.id, ...(byUserId && { byUserId }) },
        caller,
      );
      this.notice.factorChanged(loser.email, 'disabled');
    }
  }

  // Whoever was signed out while waiting for the lock changes nothing any more.
  private async lockOwner(manager: EntityManager, claims: AccessTokenClaims): Promise<User> {
    const { user } = await this.lockOwnerAndSession(manager, claims);
    return user;
  }

  private async lockOwnerAndSession(
    manager: EntityManager,
    { sub, sid }: AccessTokenClaims,
  ): Promise<{ user: User; session: Session }> {
    const user = await this.users.lock(manager, sub);
    const session = await this.sessions.lockLiving(manager, sub, sid);
    if (!session) {
      throw invalidToken('The session has ended meanwhile.');
    }
    return { user, session };
  }

  // What an authenticator app shows above the code.
  private get issuer(): string {
    const { JWT_ISSUER } = this.settings;
    return URL.canParse(JWT_ISSUER) ? new URL(JWT_ISSUER).host : JWT_ISSUER;
  }
}
