import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { type Caller, LOCAL_COMMAND } from '../http/caller.decorator.js';
import { Problem } from '../http/problem.js';
import { AccountLimiter } from '../throttling/account-limiter.js';
import type { User } from '../users/user.entity.js';
import { type NewUser, UsersService } from '../users/users.service.js';
import { SecondFactorCheck, type SentCode } from './mfa/second-factor-check.js';
import type { UsedFactor } from './mfa/second-factors.js';
import { checkPassword } from './passwords/password-policy.js';
import { type PasswordSetAt, PasswordsService } from './passwords/passwords.service.js';
import { RefreshService } from './sessions/refresh.service.js';
import type { Delivery, Session } from './sessions/session.entity.js';
import { type NewSession, type OpenedSession, SessionOpener } from './sessions/session-opener.js';
import { SessionsService } from './sessions/sessions.service.js';
import { AccessTokenService } from './tokens/access-token.service.js';

/** Who wants an account. Only commands and the seed give roles, or take an address for verified. */
export interface NewAccount extends NewUser {
  readonly password: string;
}

/** Who wants to sign in, and how. */
export interface SignInAttempt {
  readonly email: string;
  readonly password: string;
  /** Of the second factor, where the account has one. */
  readonly code?: string | undefined;
  readonly delivery: Delivery;
  /** The key that the tokens are to be bound to, if any (RFC 9449). */
  readonly jkt: string | null;
  /** Which browser it is, if it has signed in to the account before. */
  readonly deviceId: string | undefined;
}

/** An access token and the session that it is for. */
export interface GrantedAccess {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly session: Session;
}

/** What somebody holds after signing in or refreshing. */
export interface SignedIn extends GrantedAccess {
  readonly refreshToken: string;
}

/** The same after signing in, and when the password was set that let them in. */
export interface NewlySignedIn extends SignedIn {
  readonly passwordSetAt: PasswordSetAt;
}

/** A session that was opened with a password, and a second factor where it took one. */
interface EnteredSession extends OpenedSession {
  readonly used: UsedFactor | null;
}

/** Register, sign in, refresh, sign out. */
@Injectable()
export class AuthService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly secondFactor: SecondFactorCheck,
    private readonly sessions: SessionsService,
    private readonly opener: SessionOpener,
    private readonly refreshes: RefreshService,
    private readonly accessTokens: AccessTokenService,
    private readonly accountLimiter: AccountLimiter,
    private readonly audit: AuditLog,
  ) {}

  /** Makes an account with a password. @throws Problem `validation-failed` for a weak password, `conflict` for a known address */
  async register(account: NewAccount, caller: Caller = LOCAL_COMMAND): Promise<User> {
    checkPassword(account.password, account, '/password');
    const hash = await this.passwords.admit(() => this.passwords.hash(account.password));
    const user = await this.dataSource.transaction(async (manager) => {
      const created = await this.users.create(manager, account);
      await this.passwords.store(manager, created.id, hash);
      return created;
    });
    this.audit.record('registered', { userId: user.id }, caller);
    return user;
  }

  /**
   * Opens a session for whoever knows the password, and has the second factor where there is one.
   * @throws Problem `invalid-credentials`, the same for an unknown address, a wrong password and a disabled account;
   * `mfa-required` where the password is right and the code is not;
   * `too-many-requests` after too many failures on one account; `unavailable` when too many sign in at once
   */
  async signIn(attempt: SignInAttempt, caller: Caller): Promise<NewlySignedIn> {
    const { email, deviceId, code } = attempt;
    return this.passwords.admit(() =>
      this.secondFactor.withAttempt({ email, knownSource: deviceId, code }, caller, (sent) =>
        this.checkAndOpen(attempt, sent, caller),
      ),
    );
  }

  private async checkAndOpen(
    attempt: SignInAttempt,
    sent: SentCode | null,
    caller: Caller,
  ): Promise<NewlySignedIn> {
    const { email, password, delivery, jkt, deviceId } = attempt;
    const { userId, setAt, needsCode } = await this.passwords.verifyFor(email, password);
    const issuance = await this.accessTokens.prepare();
    if (userId === undefined || !setAt) {
      throw this.failed(userId, caller);
    }
    const wanted = { userId, passwordSetAt: setAt, delivery, jkt };
    const opened = await this.openSession(wanted, needsCode, sent, caller);
    if (!opened) {
      throw this.failed(userId, caller);
    }
    const { session, refreshToken } = opened;
    const accessToken = await this.accessTokens.issue(opened.user, session, issuance);
    this.accountLimiter.forgetAttempts(email, deviceId);
    this.audit.record('signed-in', { userId, sessionId: session.id }, caller);
    this.secondFactor.settle(opened.user, opened.used, caller);
    for (const displaced of opened.displaced) {
      this.audit.record('session-displaced', { userId, sessionId: displaced }, caller);
    }
    return { ...accessToken, refreshToken, session, passwordSetAt: setAt };
  }

  /** Goes on with a session, for whoever holds its key, if it has one. @throws Problem as `RefreshService` does */
  async refresh(refreshToken: string, caller: Caller, jkt: string | null = null): Promise<SignedIn> {
    const issuance = await this.accessTokens.prepare();
    const { user, session, refreshToken: next } = await this.refreshes.refresh(refreshToken, caller, jkt);
    return { ...(await this.accessTokens.issue(user, session, issuance)), refreshToken: next, session };
  }

  /** Ends the session that the access token belongs to; from the answer on both its tokens are refused. */
  async signOut(userId: string, sessionId: string, caller: Caller): Promise<void> {
    // Of two that sign out at once, the one that comes too late finds what it wants.
    await this.dataSource.transaction((manager) => this.sessions.endIn(manager, userId, sessionId));
    this.audit.record('signed-out', { userId, sessionId }, caller);
  }

  private failed(userId: string | undefined, caller: Caller): Problem {
    this.audit.record('sign-in-failed', { userId }, caller);
    return new Problem('invalid-credentials', 'The address or the password is wrong.');
  }

  private async openSession(
    wanted: NewSession,
    needsCode: boolean,
    sent: SentCode | null,
    caller: Caller,
  ): Promise<EnteredSession | null> {
    if (!needsCode) {
      const opened = await this.opener.open(wanted, caller);
      return opened && { ...opened, used: null };
    }
    const code = await this.secondFactor.demand(wanted.userId, sent, caller);
    // Who changes a factor locks its account first, so it is locked before the code is taken. A wrong one takes back all of `openIn`.
    return this.dataSource.transaction(async (manager) => {
      const opened = await this.opener.openIn(manager, wanted, caller);
      return (
        opened && { ...opened, used: await this.secondFactor.take(manager, wanted.userId, code, caller) }
      );
    });
  }
}
