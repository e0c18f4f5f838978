import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { cutPage, decodeCursor } from '../http/cursor.js';
import { brokenConstraintOf } from '../http/database-problem.js';
import { Problem } from '../http/problem.js';
import { Clock } from '../time/clock.js';
import { normaliseEmail } from './email-address.js';
import type { Role } from './role.js';
import { User, type UserStatus } from './user.entity.js';

/** Which accounts to list, and from where on. */
export interface UserFilter {
  readonly email?: string;
  readonly role?: Role;
  readonly status?: UserStatus;
  readonly limit: number;
  readonly cursor?: string;
}

/** An account that is to be made. Only who may say so gives it roles, or takes its address for verified. */
export interface NewUser {
  readonly email: string;
  readonly displayName?: string | null | undefined;
  readonly roles?: Role[];
  readonly emailVerified?: boolean;
}

/** Accounts: making them, reading them, and their owners' profile. */
@Injectable()
export class UsersService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes an account in the caller's transaction.
   * @throws Problem `conflict` when the address has one already
   */
  async create(manager: EntityManager, account: NewUser): Promise<User> {
    const now = this.clock.date();
    const user = manager.create(User, {
      id: v7(),
      email: normaliseEmail(account.email),
      emailVerified: account.emailVerified ?? false,
      displayName: account.displayName ?? null,
      roles: account.roles ?? ['customer'],
      status: 'active',
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
    await refuseTakenEmail(manager.insert(User, user));
    return user;
  }

  /** @throws Problem `not-found` */
  async get(id: string): Promise<User> {
    const user = await this.dataSource.manager.findOneBy(User, { id });
    if (!user) {
      throw new Problem('not-found', 'There is no such user.');
    }
    return user;
  }

  /** Reads an account that the transaction is about to change; others wait until it ends. @throws Problem `not-found` */
  async lock(manager: EntityManager, id: string): Promise<User> {
    const user = await manager.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!user) {
      throw new Problem('not-found', 'There is no such user.');
    }
    return user;
  }

  /** The same, or `null` where it is not active. */
  async lockActive(manager: EntityManager, id: string): Promise<User | null> {
    return manager.findOne(User, {
      where: { id, status: 'active' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** The account with this address, in any case, or `null`. */
  async findByEmail(email: string): Promise<User | null> {
    return this.dataSource.manager.findOneBy(User, { email: normaliseEmail(email) });
  }

  /** Changes the profile; what is `undefined` stays as it is. */
  async updateProfile(id: string, { displayName }: { displayName?: string | null }): Promise<User> {
    if (displayName !== undefined) {
      await this.dataSource.manager.update(User, { id }, { displayName, updatedAt: this.clock.date() });
    }
    return this.get(id);
  }

  /**
   * Gives an account an address, its own or another one, that its owner has been shown to have.
   * @throws Problem `conflict` when another account has it
   */
  async setVerifiedEmail(manager: EntityManager, id: string, email: string): Promise<void> {
    const change = { email, emailVerified: true, updatedAt: this.clock.date() };
    await refuseTakenEmail(manager.update(User, { id }, change));
  }

  /** A page of accounts, newest first, by keyset over their time-ordered ids. */
  async list(filter: UserFilter): Promise<{ items: User[]; nextCursor: string | null }> {
    const query = this.dataSource.manager
      .createQueryBuilder(User, 'user')
      .orderBy('user.id', 'DESC')
      .limit(filter.limit + 1);
    const list = listName(filter);
    if (filter.cursor !== undefined) {
      const [id] = decodeCursor(list, filter.cursor, ['string']);
      query.andWhere('user.id < :id', { id });
    }
    if (filter.email !== undefined) {
      query.andWhere('position(:email in user.email) > 0', { email: normaliseEmail(filter.email) });
    }
    if (filter.role !== undefined) {
      query.andWhere(':role = ANY (user.roles)', { role: filter.role });
    }
    if (filter.status !== undefined) {
      query.andWhere('user.status = :status', { status: filter.status });
    }
    return cutPage(await query.getMany(), filter.limit, list, ({ id }) => [id]);
  }
}

async function refuseTakenEmail(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (brokenConstraintOf(error) === 'users_email_key') {
      throw new Problem('conflict', 'There is already an account with this address.');
    }
    throw error;
  }
}

function listName({ email, role, status }: UserFilter): string {
  return `users ${JSON.stringify([email, role, status])}`;
}
