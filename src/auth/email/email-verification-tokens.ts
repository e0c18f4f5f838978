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
const issueWhere = (condition: string): string => `
  WITH account AS (SELECT id FROM users WHERE ${condition} AND status = 'active' FOR KEY SHARE)
  INSERT INTO email_verification_tokens (user_id, session_id, email, digest, expires_at)
  SELECT id, $2::uuid, $3, $4::bytea, $5::timestamptz FROM account
  ON CONFLICT (user_id) DO UPDATE SET session_id = excluded.session_id, email = excluded.email,
    digest = excluded.digest, expires_at = excluded.expires_at
  RETURNING user_id AS "userId"`;
const ISSUE = issueWhere('email = $1 AND NOT email_verified');
const ISSUE_FOR_CHANGE = issueWhere('id = $1');

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
    return this.store(ISSUE, [address, null, address]);
  }

  /** For the address that an active account is to get, while the session that asks lives; in place of an older token. */
  async issueForChange(
    userId: string,
    sessionId: string,
    newEmail: string,
  ): Promise<IssuedVerificationToken | null> {
    return this.store(ISSUE_FOR_CHANGE, [userId, sessionId, normaliseEmail(newEmail)]);
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
    [account, sessionId, email]: [string, string | null, string],
  ): Promise<IssuedVerificationToken | null> {
    const token = makeOpaqueToken();
    const values = [account, sessionId, email, digestOf(token), verificationExpiry(this.clock)];
    const [row] = await this.dataSource.query<{ userId: string }[]>(statement, values);
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
