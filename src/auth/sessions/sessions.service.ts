import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, type FindOptionsWhere, IsNull, MoreThan, Not } from 'typeorm';
import { v7 } from 'uuid';
import { Settings } from '../../config/settings.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Problem } from '../../http/problem.js';
import { Clock } from '../../time/clock.js';
import { RevocationRecorder } from '../tokens/revocation/revocation-recorder.js';
import { digestOf, makeRefreshToken } from './refresh-token.js';
import { RefreshTokenRow } from './refresh-token.entity.js';
import { type Delivery, Session } from './session.entity.js';

/** A session that has just been opened. */
export interface OpenedSession {
  readonly session: Session;
  readonly refreshToken: string;
  /** The sessions that ended to make room for it. */
  readonly displaced: readonly Session[];
}

/** Sessions: opened at sign-in, listed, ended; ending one takes back its access tokens in the same transaction. */
@Injectable()
export class SessionsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly revocations: RevocationRecorder,
  ) {}

  /**
   * Opens a session with its first refresh token; each sign-in opens a new one (ASVS 7.2.4). With a `jkt` its tokens are
   * bound to that key. Where the account has as many as it may, those unused for longest end. The caller holds a lock of
   * the account that no other sign-in shares.
   */
  async open(
    manager: EntityManager,
    userId: string,
    delivery: Delivery,
    caller: Caller,
    jkt: string | null,
  ): Promise<OpenedSession> {
    const now = this.clock.now();
    const displaced = await this.makeRoom(manager, userId);
    const session = manager.create(Session, {
      id: v7(),
      userId,
      delivery,
      ip: caller.ip,
      userAgent: caller.userAgent.slice(0, 500),
      createdAt: new Date(now),
      authenticatedAt: new Date(now),
      lastUsedAt: new Date(now),
      idleUntil: new Date(now + this.settings.REFRESH_TOKEN_TTL * 1000),
      expiresAt: new Date(now + this.settings.SESSION_MAX_AGE * 1000),
      jkt,
      endedAt: null,
    });
    const refreshToken = makeRefreshToken();
    await manager.insert(Session, session);
    await manager.insert(RefreshTokenRow, {
      digest: digestOf(refreshToken),
      sessionId: session.id,
      createdAt: new Date(now),
    });
    return { session, refreshToken, displaced };
  }

  /** A user's living sessions, the one used last first. */
  async list(userId: string): Promise<Session[]> {
    return this.dataSource.manager.find(Session, {
      where: this.livingOf(userId),
      order: { lastUsedAt: 'DESC', id: 'DESC' },
    });
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

  private async makeRoom(manager: EntityManager, userId: string): Promise<Session[]> {
    const displaced = await manager.find(Session, {
      where: this.livingOf(userId),
      order: { lastUsedAt: 'DESC', id: 'DESC' },
      skip: this.settings.SESSIONS_PER_ACCOUNT - 1,
    });
    for (const { id } of displaced) {
      await this.endIn(manager, userId, id);
    }
    return displaced;
  }

  private livingOf(userId: string): FindOptionsWhere<Session> {
    const now = this.clock.date();
    return { userId, endedAt: IsNull(), idleUntil: MoreThan(now), expiresAt: MoreThan(now) };
  }
}
