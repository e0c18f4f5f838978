import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { AccountAdministrationService } from '../../users/account-administration.service.js';
import { UsersService } from '../../users/users.service.js';
import { SessionsService } from './sessions.service.js';

/** Signs an account out of many sessions at once, each time in one transaction. */
@Injectable()
export class SignOutService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly accounts: AccountAdministrationService,
    private readonly audit: AuditLog,
  ) {}

  /** Ends one session of a user. @throws Problem `not-found` for one that has ended or is somebody else's */
  async fromSession(userId: string, sessionId: string, caller: Caller): Promise<void> {
    await this.sessions.end(userId, sessionId);
    this.audit.record('session-ended', { userId, sessionId }, caller);
  }

  /** Ends every session; raising the account's version takes back all their access tokens. @throws Problem `not-found` */
  async everywhere(userId: string, byUserId: string, caller: Caller): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.accounts.raiseVersion(manager, userId);
      await this.sessions.endAll(manager, userId);
    });
    this.audit.record('signed-out-everywhere', { userId, byUserId }, caller);
  }

  /** Ends every session but the one that asks. */
  async elsewhere(userId: string, sessionId: string, caller: Caller): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.users.lock(manager, userId); // before any session, as all do that lock more than one
      await this.sessions.endOthers(manager, userId, sessionId);
    });
    this.audit.record('signed-out-elsewhere', { userId, sessionId }, caller);
  }
}
