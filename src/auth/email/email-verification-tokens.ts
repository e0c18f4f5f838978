import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, MoreThan } from 'typeorm';
import { Clock } from '../../time/clock.js';
import { normaliseEmail } from '../../users/email-address.js';
import { digestOf, makeOpaqueToken } from '../opaque-token.js';
import { EmailVerificationToken } from './email-verification-token.entity.js';

/** How long an address may be verified, in hours. */
export const VERIFICATION_HOURS = 24;

/** A token that has just been made, and whose it is. */
export interface IssuedVerificationToken {
  readonly userId: string;
  readonly token: string;
}

// The account is locked before its token, as whoever verifies or erases it does.
const ISSUE = `
  WITH account AS (SELECT id FROM users WHERE CONDITION AND status = 'active' FOR KEY SHARE)
  INSERT INTO email_verification_tokens (user_id, email, digest, expires_at)
  SELECT id, $2, $3::bytea, $4::timestamptz FROM account
  ON CONFLICT (user_id)
  DO UPDATE SET email = excluded.email, digest = excluded.digest, expires_at = excluded.expires_at
  RETURNING user_id AS "userId"`;
const ISSUE_OWN = ISSUE.replace('CONDITION', 'email = $1 AND NOT email_verified');
const ISSUE_NEW = ISSUE.replace('CONDITION', 'id = $1');

/** The tokens that addresses of accounts are verified with (ASVS 6.4.1): one an account, used once, kept as a digest. */
@Injectable()
export class EmailVerificationTokens {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** For the active account whose address this is, if it has not been verified yet; in place of an older token. */
  async issue(email: string): Promise<IssuedVerificationToken | null> {
    const address = normaliseEmail(email);
    return this.store(ISSUE_OWN, address, address);
  }

  /** For the address that an active account is to get; in place of an older token. */
  async issueForChange(userId: string, newEmail: string): Promise<IssuedVerificationToken | null> {
    return this.store(ISSUE_NEW, userId, normaliseEmail(newEmail));
  }

  /** What a living token would verify, or `null`; the token stays as it is. */
  async find(token: string): Promise<EmailVerificationToken | null> {
    return this.dataSource.manager.findOneBy(EmailVerificationToken, this.living(token));
  }

  /** Uses a token up; `false` where it is not alive any more, which it is for all but one of those who come at once. */
  async spend(manager: EntityManager, userId: string, token: string): Promise<boolean> {
    const { affected } = await manager.delete(EmailVerificationToken, { userId, ...this.living(token) });
    return affected === 1;
  }

  /** An address that the account was to get is not waited for any more. */
  async forgetChange(manager: EntityManager, userId: string): Promise<void> {
    await manager.query(
      `DELETE FROM email_verification_tokens AS token USING users
       WHERE user_id = $1 AND id = user_id AND token.email <> users.email`,
      [userId],
    );
  }

  private async store(
    statement: string,
    account: string,
    email: string,
  ): Promise<IssuedVerificationToken | null> {
    const token = makeOpaqueToken();
    const expiresAt = verificationExpiry(this.clock);
    const rows: { userId: string }[] = await this.dataSource.query(statement, [
      account,
      email,
      digestOf(token),
      expiresAt,
    ]);
    const [row] = rows;
    return row ? { userId: row.userId, token } : null;
  }

  private living(token: string) {
    return { digest: digestOf(token), expiresAt: MoreThan(this.clock.date()) };
  }
}

/** Until when an address that is asked about now may be verified. */
export function verificationExpiry(clock: Clock): Date {
  return new Date(clock.now() + VERIFICATION_HOURS * 3_600_000);
}
