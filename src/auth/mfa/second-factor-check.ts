import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Problem } from '../../http/problem.js';
import { AccountLimiter } from '../../throttling/account-limiter.js';
import type { EarlyAttempt } from '../../throttling/early-attempt.js';
import type { User } from '../../users/user.entity.js';
import { OwnerNotice } from '../owner-notice.js';
import { SecondFactors, type UsedFactor } from './second-factors.js';

/** What wrong codes are counted by. */
const CODES = 'second-factor';

/** A password that is about to be checked, and the code that was sent with it. */
export interface PasswordAttempt {
  readonly email: string;
  /** A browser that is known, or whoever is signed in. */
  readonly knownSource: string | undefined;
  readonly code: string | undefined;
}

/** A code that is counted early: it is checked only if the password is right and the account has a second factor. */
export interface SentCode {
  readonly code: string;
  readonly attempt: EarlyAttempt;
}

/** Asks those who have proved their password for a code, too. */
@Injectable()
export class SecondFactorCheck {
  constructor(
    private readonly factors: SecondFactors,
    private readonly accountLimiter: AccountLimiter,
    private readonly notice: OwnerNotice,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Counts an attempt at a password, and with it the code that may have been sent, then does what checks them. Codes are
   * counted apart from passwords, which who guesses at codes knows, so that neither proving the password nor setting a new
   * one gives more tries; a code that the work does not come to is given back. Whoever is told neither yes nor no, since
   * the database is away or too many wait, has not tried.
   * @throws Problem `too-many-requests` for the password, and what the work throws
   */
  async withAttempt<T>(
    { email, knownSource, code }: PasswordAttempt,
    caller: Caller,
    work: (sent: SentCode | null) => Promise<T>,
  ): Promise<T> {
    const next = code === undefined ? undefined : CODES;
    const counted = await this.accountLimiter.countAttempt(email, { knownSource, next }, caller);
    const sent = code !== undefined && counted.next ? { code, attempt: counted.next } : null;
    let wasChecked = true;
    try {
      return await work(sent);
    } catch (error) {
      wasChecked = error instanceof Problem && error.getStatus() < 500;
      throw error;
    } finally {
      counted.end({ wasChecked });
    }
  }

  /**
   * The code that has to be checked now that the password is known to be right, before the transaction that it is for.
   * @throws Problem `mfa-required` without a code, `too-many-requests`
   */
  async demand(userId: string, sent: SentCode | null, caller: Caller): Promise<string> {
    if (sent === null) {
      this.audit.record('second-factor-asked', { userId }, caller);
      throw new Problem('mfa-required', 'The account has a second factor: send a code of it as `code`, too.');
    }
    await sent.attempt.make();
    return sent.code;
  }

  /** Uses a code up, in the transaction that it is for. @throws Problem `mfa-required` for one that is wrong, too old or used */
  async take(manager: EntityManager, userId: string, code: string, caller: Caller): Promise<UsedFactor> {
    const used = await this.factors.take(manager, userId, code);
    if (!used) {
      this.audit.record('second-factor-refused', { userId }, caller);
      throw new Problem('mfa-required', 'The code is wrong, too old or used: send another one as `code`.');
    }
    return used;
  }

  /** Forgets the attempts, and tells the owner of a recovery code; called after the commit. */
  settle(user: User, used: UsedFactor | null, caller: Caller): void {
    if (used === null) {
      return;
    }
    this.accountLimiter.forgetAttempts(user.email, CODES);
    if (used === 'recovery-code') {
      this.audit.record('recovery-code-used', { userId: user.id }, caller);
      this.notice.factorChanged(user.email, 'recovery-code-used');
    }
  }
}
