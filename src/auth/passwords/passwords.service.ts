import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type pg from 'pg';
import { DataSource, EntityManager } from 'typeorm';
import { Settings } from '../../config/settings.js';
import { connectionPool } from '../../database/connection-pool.js';
import { Clock } from '../../time/clock.js';
import { normaliseEmail } from '../../users/email-address.js';
import { User } from '../../users/user.entity.js';
import { EmailVerificationTokens } from '../email/email-verification-tokens.js';
import { PasswordCredential } from './password-credential.entity.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordResetTokens } from './password-reset-tokens.js';

/** When a password was set, or a second factor put beside it: by that, one that was checked is known again. */
export type PasswordSetAt = Date;

/** The password that an account has: by when it was set, another one is told apart. */
export interface AccountPassword {
  readonly userId: string;
  readonly setAt: PasswordSetAt;
}

/** Whose password was checked, if anybody's, and when it was set where it is the right one of an account that may sign in. */
export interface CheckedPassword {
  readonly userId: string | undefined;
  readonly setAt: PasswordSetAt | null;
  /** Whether it takes a second factor, too. */
  readonly needsCode: boolean;
}

type Credential = Pick<PasswordCredential, 'userId' | 'hash' | 'changedAt'>;

type SignInRow = Credential & { readonly maySignIn: boolean; readonly needsCode: boolean };

const BY_EMAIL = `
  SELECT user_id AS "userId", hash, changed_at AS "changedAt",
    status = 'active' AND (email_verified OR NOT $2) AS "maySignIn",
    EXISTS (SELECT FROM second_factors AS factor WHERE factor.user_id = id AND confirmed_at IS NOT NULL) AS "needsCode"
  FROM users JOIN password_credentials ON user_id = id WHERE email = $1`;

const CURRENT_BY_EMAIL = `
  SELECT user_id AS "userId", changed_at AS "setAt"
  FROM users JOIN password_credentials ON user_id = id WHERE email = $1`;

/** The password of an account: set, and checked. */
@Injectable()
export class PasswordsService {
  private readonly pool: pg.Pool;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly hasher: PasswordHasher,
    private readonly resetTokens: PasswordResetTokens,
    private readonly verificationTokens: EmailVerificationTokens,
    private readonly clock: Clock,
  ) {
    this.pool = connectionPool(dataSource);
  }

  /** Does something that hashes on its way. @throws Problem `unavailable` at once when too many are at it */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    return this.hasher.admit(work);
  }

  /** Hashes a password, outside any transaction: it takes a core for about 20 ms. */
  async hash(password: string): Promise<string> {
    return this.hasher.inTurn(() => this.hasher.hash(password));
  }

  /** Keeps the hash as the account's only one, and forgets what was asked for under the one before. */
  async store(manager: EntityManager, userId: string, hash: string): Promise<AccountPassword> {
    const setAt = this.clock.date();
    await manager.upsert(PasswordCredential, { userId, hash, changedAt: setAt }, ['userId']);
    await this.resetTokens.forget(manager, userId);
    await this.verificationTokens.forgetChange(manager, userId);
    return { userId, setAt };
  }

  /** From now on a password alone is not enough: whoever has had it checked, and nothing else, has to begin anew. */
  async invalidateChecks(manager: EntityManager, userId: string): Promise<AccountPassword> {
    const setAt = this.clock.date();
    await manager.update(PasswordCredential, { userId }, { changedAt: setAt });
    return { userId, setAt };
  }

  /** The password of the account with this address, in any case of its letters, if there is one. Nothing is checked. */
  async currentFor(email: string): Promise<AccountPassword | undefined> {
    const { rows } = await this.pool.query<AccountPassword>({
      name: 'current-password-by-email',
      text: CURRENT_BY_EMAIL,
      values: [normaliseEmail(email)],
    });
    return rows[0];
  }

  /** Checks the password of an account: answers with when it was set, or `null` where it is another. */
  async verify(userId: string, password: string): Promise<PasswordSetAt | null> {
    return this.hasher.inTurn(async () =>
      this.check(await this.dataSource.manager.findOneBy(PasswordCredential, { userId }), password),
    );
  }

  /**
   * The same for whoever has an address, in any case. Without an account, with another password, and with an account that
   * is disabled or whose address would have to be verified, it takes as long (ASVS 6.3.8).
   */
  async verifyFor(email: string, password: string): Promise<CheckedPassword> {
    return this.hasher.inTurn(async () => {
      const { rows } = await this.pool.query<SignInRow>({
        name: 'password-by-email',
        text: BY_EMAIL,
        values: [normaliseEmail(email), this.settings.EMAIL_VERIFICATION === 'required'],
      });
      const [found] = rows;
      const setAt = await this.check(found, password);
      return {
        userId: found?.userId,
        setAt: found?.maySignIn ? setAt : null,
        needsCode: found?.needsCode ?? false,
      };
    });
  }

  /**
   * The account, if it is active and its password is still the one that was checked, under a lock that its
   * administration and a change of password wait for. Both rows are locked: whoever waits for one sees it as it is then.
   * The function `open_session` of the database does the same at sign-in.
   */
  async lockUnchanged(manager: EntityManager, userId: string, setAt: PasswordSetAt): Promise<User | null> {
    return manager
      .createQueryBuilder(User, 'account')
      .innerJoin(
        PasswordCredential,
        'credential',
        'credential.userId = account.id AND credential.changedAt = :setAt',
        { setAt },
      )
      .where({ id: userId, status: 'active' })
      .setLock('for_no_key_update', undefined, ['account', 'credential'])
      .getOne();
  }

  private async check(
    credential: Credential | null | undefined,
    password: string,
  ): Promise<PasswordSetAt | null> {
    if (!credential) {
      await this.hasher.verifyNothing(password);
      return null;
    }
    if (!(await this.hasher.verify(credential.hash, password))) {
      return null;
    }
    if (this.hasher.needsRehash(credential.hash)) {
      await this.rehash(credential, password);
    }
    return credential.changedAt;
  }

  // Only where the old hash is still there: a password changed meanwhile must not come back.
  private async rehash({ userId, hash }: Credential, password: string): Promise<void> {
    await this.dataSource.manager.update(
      PasswordCredential,
      { userId, hash },
      { hash: await this.hasher.hash(password) },
    );
  }
}
