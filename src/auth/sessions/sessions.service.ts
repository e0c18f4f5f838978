import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, type FindOptionsWhere, IsNull, MoreThan, Not } from 'typeorm';
import { cutPage, decodeCursor } from '../../http/cursor.js';
import type { PageQueryDto } from '../../http/page-query.dto.js';
import { Problem } from '../../http/problem.js';
import { Clock } from '../../time/clock.js';
import { RevocationRecorder } from '../tokens/revocation/revocation-recorder.js';
import { Session, isSessionAlive } from './session.entity.js';

/** Sessions: listed, ended; ending one takes back its access tokens in the same transaction. */
@Injectable()
export class SessionsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly revocations: RevocationRecorder,
  ) {}

  /** A page of a user's living sessions, the one used last first. @throws Problem `bad-request` for a foreign cursor */
  async list(
    userId: string,
    { limit, cursor }: PageQueryDto,
  ): Promise<{ items: Session[]; nextCursor: string | null }> {
    const query = this.dataSource.manager
      .createQueryBuilder(Session, 'session')
      .where(this.livingOf(userId))
      .orderBy({ 'session.lastUsedAt': 'DESC', 'session.id': 'DESC' })
      .limit(limit + 1);
    const list = `sessions ${userId}`;
    if (cursor !== undefined) {
      const [usedAt, id] = decodeCursor(list, cursor, ['string', 'string']);
      query.andWhere('(session.lastUsedAt, session.id) < (:usedAt, :id)', { usedAt, id });
    }
    return cutPage(await query.getMany(), limit, list, ({ lastUsedAt, id }) => [
      lastUsedAt.toISOString(),
      id,
    ]);
  }

  /** A session of a user that others wait for until the transaction ends, or `null` where it is not alive any more. */
  async lockLiving(manager: EntityManager, userId: string, sessionId: string): Promise<Session | null> {
    const session = await manager.findOne(Session, {
      where: { id: sessionId, userId },
      lock: { mode: 'pessimistic_write' },
    });
    return session && isSessionAlive(session, this.clock.date()) ? session : null;
  }

  /** Ends one session of a user. @throws Problem `not-found` for one that has ended or is somebody else's */
  async end(userId: string, sessionId: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.endIn(manager, userId, sessionId))) {
        throw new Problem('not-found', 'There is no such session.');
      }
    });
  }

  /** Ends one session of a user in the caller's transaction; `false` where there is none that has not ended. */
  async endIn(manager: EntityManager, userId: string, sessionId: string): Promise<boolean> {
    const { affected } = await manager.update(
      Session,
      { id: sessionId, userId, endedAt: IsNull() },
      { endedAt: this.clock.date() },
    );
    if (!affected) {
      return false;
    }
    await this.revocations.revokeSession(manager, sessionId);
    return true;
  }

  /** Ends every session of a user but one. */
  async endOthers(manager: EntityManager, userId: string, keptSessionId: string): Promise<void> {
    const others = await manager.findBy(Session, { userId, id: Not(keptSessionId), endedAt: IsNull() });
    await manager.update(
      Session,
      { userId, id: Not(keptSessionId), endedAt: IsNull() },
      { endedAt: this.clock.date() },
    );
    for (const { id } of others) {
      await this.revocations.revokeSession(manager, id);
    }
  }

  /** Marks every session of a user as ended; whoever calls it raises the user's version, which takes back the tokens. */
  async endAll(manager: EntityManager, userId: string): Promise<void> {
    await manager.update(Session, { userId, endedAt: IsNull() }, { endedAt: this.clock.date() });
  }

  private livingOf(userId: string): FindOptionsWhere<Session> {
    const now = this.clock.date();
    return { userId, endedAt: IsNull(), idleUntil: MoreThan(now), expiresAt: MoreThan(now) };
  }
}
