import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntitySubscriberInterface, type UpdateEvent } from 'typeorm';
import { User } from '../../users/user.entity.js';
import { RevocationRecorder } from '../tokens/revocation/revocation-recorder.js';
import { SessionsService } from './sessions.service.js';

/**
 * Follows changes of accounts, in their transaction: a raised version takes back every access token below it, a
 * disabled account loses its sessions too. So `users` need not know that tokens exist.
 */
@Injectable()
export class AccountChangeSubscriber implements EntitySubscriberInterface<User>, OnModuleInit {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly revocations: RevocationRecorder,
    private readonly sessions: SessionsService,
  ) {}

  onModuleInit(): void {
    this.dataSource.subscribers.push(this);
  }

  listenTo(): typeof User {
    return User;
  }

  /** Called by TypeORM after an account was saved. */
  async afterUpdate({ manager, entity, databaseEntity }: UpdateEvent<User>): Promise<void> {
    if (!entity || !databaseEntity || entity['version'] === databaseEntity.version) {
      return;
    }
    await this.revocations.revokeUserBelow(manager, databaseEntity.id, entity['version']);
    if (entity['status'] === 'disabled') {
      await this.sessions.endAll(manager, databaseEntity.id);
    }
  }
}
