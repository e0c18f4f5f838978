import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Caller } from '../http/caller.decorator.js';
import { Problem } from '../http/problem.js';
import { Clock } from '../time/clock.js';
import { ROLES, type Role } from './role.js';
import { UsersService } from './users.service.js';
import { User, type UserStatus } from './user.entity.js';

/** What is to be different; what is left out stays. */
export interface AccountChange {
  readonly roles?: Role[];
  readonly status?: UserStatus;
}

/** What administrators do to accounts. Each change raises the account's version, which takes back its live tokens. */
@Injectable()
export class AccountAdministrationService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly users: UsersService,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Changes roles or status.
   * @throws Problem `not-found`, `forbidden` for who is no active administrator any more, or `conflict` where none would be left
   */
  async change(id: string, wish: AccountChange, byUserId: string, caller: Caller): Promise<User> {
    const user = await this.dataSource.transaction((manager) => this.changeIn(manager, id, wish, byUserId));
    const { roles, status } = user;
    this.audit.record('account-changed', { userId: id, byUserId, roles, status }, caller);
    return user;
  }

  /**
   * Has everybody else who changes administrators wait until the transaction ends. Whoever lost the role while waiting for that must
   * not go on: they could give it back to themselves.
   * @throws Problem `forbidden` unless the user is an active administrator
   */
  async requireAdmin(manager: EntityManager, userId: string): Promise<void> {
    refuseAllBut(await lockActiveAdmins(manager), userId);
  }

  /** Locks what erasing an account locks first, for who has more to look at before. */
  async lockAdmins(manager: EntityManager): Promise<void> {
    await lockActiveAdmins(manager);
  }

  /** Raises the version and nothing else: every access token issued before is refused from now on. */
  async raiseVersion(manager: EntityManager, id: string): Promise<User> {
    const user = await this.users.lock(manager, id);
    Object.assign(user, { version: user.version + 1 });
    return manager.save(user);
  }

  /** Erases an account in the caller's transaction; what hangs on it goes too. @throws Problem as `change` does */
  async erase(manager: EntityManager, id: string): Promise<void> {
    refuseLastAdmin(await lockActiveAdmins(manager), id);
    await this.raiseVersion(manager, id);
    await manager.delete(User, { id });
  }

  private async changeIn(
    manager: EntityManager,
    id: string,
    wish: AccountChange,
    byUserId: string,
  ): Promise<User> {
    const admins = await lockActiveAdmins(manager);
    refuseAllBut(admins, byUserId);
    const user = await this.users.lock(manager, id);
    const roles = wish.roles ? withCustomer(wish.roles) : user.roles;
    const status = wish.status ?? user.status;
    if (status === user.status && isSameSet(roles, user.roles)) {
      return user;
    }
    const staysAdmin = roles.includes('admin') && status === 'active';
    if (!staysAdmin) {
      refuseLastAdmin(admins, id);
    }
    Object.assign(user, { roles, status, version: user.version + 1, updatedAt: this.clock.date() });
    return manager.save(user);
  }
}

// All administrators' rows are locked in one order, so that two of them cannot remove each other at once.
async function lockActiveAdmins(manager: EntityManager): Promise<User[]> {
  return manager
    .createQueryBuilder(User, 'user')
    .where(`user.status = 'active' AND 'admin' = ANY (user.roles)`)
    .orderBy('user.id')
    .setLock('pessimistic_write')
    .getMany();
}

// Everybody is a customer, named or not.
function withCustomer(roles: readonly Role[]): Role[] {
  return ROLES.filter((role) => role === 'customer' || roles.includes(role));
}

function refuseAllBut(admins: readonly User[], userId: string): void {
  if (!admins.some(({ id }) => id === userId)) {
    throw new Problem('forbidden', 'You are no administrator any more.');
  }
}

function refuseLastAdmin(admins: readonly User[], id: string): void {
  if (admins.length === 1 && admins[0]?.id === id) {
    throw new Problem('conflict', 'This is the last active administrator: make another one first.');
  }
}

function isSameSet(one: readonly Role[], other: readonly Role[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}
