import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, MoreThan } from 'typeorm';
import { Clock } from '../../time/clock.js';
import { normaliseEmail } from '../../users/email-address.js';
import { digestOf, makeOpaqueToken } from '../opaque-token.js';
import { PasswordResetToken } from './password-reset-token.entity.js';

/** How long a reset token is good for, in minutes. */
export const RESET_TOKEN_MINUTES = 30;

/** A token that has just been made, and whose it is. */
export interface IssuedResetToken {
  readonly userId: string;
  /** The address of the account. */
  readonly email: string;
  readonly token: string;
}

/** The tokens that a forgotten password is reset with (ASVS 6.4.1): one an account, used once, kept as a digest. */
@Injectable()
export class PasswordResetTokens {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a token (256 bits from the CSPRNG) for the active account with this address, in place of an older one; `null`
   * where there is none. The account is locked before its token, as whoever resets or erases it does.
   */
  async issue(email: string): Promise<IssuedResetToken | null> {
    const token = makeOpaqueToken();
    const rows: { userId: string; email: string }[] = await this.dataSource.query(
      `WITH account AS (
         SELECT id, email FROM users WHERE email = $1 AND status = 'active' FOR KEY SHARE
       ), issued AS (
         INSERT INTO password_reset_tokens (user_id, digest, expires_at)
         SELECT id, $2::bytea, $3::timestamptz FROM account
         ON CONFLICT (user_id) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at
         RETURNING user_id
       )
       SELECT account.id AS "userId", account.email FROM account JOIN issued ON issued.user_id = account.id`,
      [normaliseEmail(email), digestOf(token), this.expiry()],
    );
    const [account] = rows;
    return account ? { ...account, token } : null;
  }

  /** The account that a living token belongs to, or `null`; the token stays as it is. */
  async ownerOf(token: string): Promise<string | null> {
    const row = await this.dataSource.manager.findOneBy(PasswordResetToken, {
      digest: digestOf(token),
      expiresAt: MoreThan(this.clock.date()),
    });
    return row?.userId ?? null;
  }

  /** Uses a token up; `false` where it is not alive any more, which it is for all but one of those who come at once. */
  async spend(manager: EntityManager, userId: string, token: string): Promise<boolean> {
    const { affected } = await manager.delete(PasswordResetToken, {
      userId,
      digest: digestOf(token),
      expiresAt: MoreThan(this.clock.date()),
    });
    return affected === 1;
  }

  /** Whatever the account was sent is good for nothing any more. */
  async forget(manager: EntityManager, userId: string): Promise<void> {
    await manager.delete(PasswordResetToken, { userId });
  }

  private expiry(): Date {
    return new Date(this.clock.now() + RESET_TOKEN_MINUTES * 60_000);
  }
}
