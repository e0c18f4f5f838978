import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { User } from '../users/user.entity.js';
import type { AccessTokenClaims } from './decorators/access-token-claims.js';
import { type PasswordSetAt, PasswordsService } from './passwords/passwords.service.js';
import type { Session } from './sessions/session.entity.js';
import { SessionsService } from './sessions/sessions.service.js';
import { invalidToken } from './strategies/bearer-token.js';

/** Those who have proved their password within a session, before what they do with that. */
@Injectable()
export class OwnerLock {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * The account and the session, which others wait for until the transaction ends: the user first, then the session, as
   * refreshing locks them.
   * @throws Problem `invalid-token` where the account, its password or the session was taken away while the password was checked
   */
  async lock(
    manager: EntityManager,
    { sub, sid }: Pick<AccessTokenClaims, 'sub' | 'sid'>,
    passwordSetAt: PasswordSetAt,
  ): Promise<{ user: User; session: Session }> {
    const user = await this.passwords.lockUnchanged(manager, sub, passwordSetAt);
    const session = await this.sessions.lockLiving(manager, sub, sid);
    if (!user || !session) {
      throw invalidToken('The session or the password has changed meanwhile.');
    }
    return { user, session };
  }
}
