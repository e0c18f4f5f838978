import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, MoreThan } from 'typeorm';
import { Clock } from '../../time/clock.js';
import { normaliseEmail } from '../../users/email-address.js';
import { digestOf, makeOpaqueToken } from '../opaque-token.js';
import { verificationExpiry } from './email-verification-tokens.js';
import { PendingRegistration } from './pending-registration.entity.js';

/** Registrations that wait for their address to be verified. */
@Injectable()
export class PendingRegistrations {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps one in place of an older one of the address, and answers with the token that confirms it. It is the same work
   * whether or not the address has an account (ASVS 6.3.8).
   */
  async keep(email: string, passwordHash: string, displayName: string | null): Promise<string> {
    const token = makeOpaqueToken();
    await this.dataSource.manager.upsert(
      PendingRegistration,
      {
        email: normaliseEmail(email),
        passwordHash,
        displayName,
        digest: digestOf(token),
        expiresAt: verificationExpiry(this.clock),
      },
      ['email'],
    );
    return token;
  }

  /** Another token for the one of this address, or `null` where there is none alive, or an account by now. */
  async renew(email: string): Promise<string | null> {
    const token = makeOpaqueToken();
    const { affected } = await this.dataSource.manager
      .createQueryBuilder()
      .update(PendingRegistration)
      .set({ digest: digestOf(token), expiresAt: verificationExpiry(this.clock) })
      .where({ email: normaliseEmail(email), expiresAt: MoreThan(this.clock.date()) })
      .andWhere('NOT EXISTS (SELECT FROM users WHERE users.email = pending_registrations.email)')
      .execute();
    return affected === 1 ? token : null;
  }

  /** Whoever had the address has left: nothing of them stays. */
  async forget(manager: EntityManager, email: string): Promise<void> {
    await manager.delete(PendingRegistration, { email });
  }

  /** Takes the one that a living token confirms, or `null`; of many who come at once, one gets it. */
  async take(manager: EntityManager, token: string): Promise<PendingRegistration | null> {
    const pending = await manager.findOne(PendingRegistration, {
      where: { digest: digestOf(token), expiresAt: MoreThan(this.clock.date()) },
      lock: { mode: 'pessimistic_write' },
    });
    if (pending) {
      await manager.delete(PendingRegistration, { email: pending.email });
    }
    return pending;
  }
}
