import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../../time/clock.js';
import { PasswordCredential } from './password-credential.entity.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordResetToken } from './password-reset-token.entity.js';

// The nil UUID (RFC 9562 5.9), which no account has.
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** When a password was set, by which one that was checked is known again. */
export type PasswordSetAt = Date;

/** The password of an account: set, and checked. */
@Injectable()
export class PasswordsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly hasher: PasswordHasher,
    private readonly clock: Clock,
  ) {}

  /** Does something that hashes on its way. @throws Problem `unavailable` at once when too many are at it */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    return this.hasher.admit(work);
  }

  /** Hashes a password, outside any transaction: it takes a core for about 20 ms. */
  async hash(password: string): Promise<string> {
    return this.hasher.hash(password);
  }

  /** Keeps the hash as the account's only one, and forgets the reset token that was asked for the one before. */
  async store(manager: EntityManager, userId: string, hash: string): Promise<void> {
    await manager.upsert(PasswordCredential, { userId, hash, changedAt: this.clock.date() }, ['userId']);
    await manager.delete(PasswordResetToken, { userId });
  }

  /**
   * Checks a password: answers with when it was set, or `null` where it is not the account's. For no account it asks
   * the database and hashes all the same, so that it takes as long (ASVS 6.3.8).
   */
  async verify(userId: string | undefined, password: string): Promise<PasswordSetAt | null> {
    const credential = await this.dataSource.manager.findOneBy(PasswordCredential, {
      userId: userId ?? NOBODY,
    });
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

  /** Whether the password that was checked is still the account's; asked under a lock of the account. */
  async isUnchanged(manager: EntityManager, userId: string, setAt: PasswordSetAt): Promise<boolean> {
    return manager.existsBy(PasswordCredential, { userId, changedAt: setAt });
  }

  // Only where the old hash is still there: a password changed meanwhile must not come back.
  private async rehash({ userId, hash }: PasswordCredential, password: string): Promise<void> {
    await this.dataSource.manager.update(
      PasswordCredential,
      { userId, hash },
      { hash: await this.hasher.hash(password) },
    );
  }
}
