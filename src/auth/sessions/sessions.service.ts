import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, type FindOptionsWhere, IsNull, MoreThan, Not } from 'typeorm';
import { v7 } from 'uuid';
import { Settings } from '../../config/settings.js';
import type { Caller } from '../../http/caller.decorator.js';
import { cutPage, decodeCursor } from '../../http/cursor.js';
import type { PageQueryDto } from '../../http/page-query.dto.js';
import { Problem } from '../../http/problem.js';
import { Clock } from '../../time/clock.js';
import { digestOf, makeOpaqueToken } from '../opaque-token.js';
import { RevocationRecorder } from '../tokens/revocation/revocation-recorder.js';
import { type Delivery, Session, isSessionAlive } from './session.entity.js';

/** A session that has just been opened. */
export interface OpenedSession {
  readonly session: Session;
  readonly refreshToken: string;
  /** The ids of the sessions that ended to make room for it. */
  readonly displaced: readonly string[];
}

const LIST = 'sessions';

// One statement: each costs a round trip while the account is locked. It sees the living sessions as they were before.
const OPEN = `
  WITH opened AS (
    INSERT INTO sessions (id, user_id, delivery, ip, user_agent, created_at, authenticated_at, last_used_at, idle_until,
      expires_at, jkt)
    VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $7, $8, $9)),
  with_token AS (INSERT INTO refresh_tokens (digest, session_id, created_at) VALUES ($10, $1, $6))
  SELECT id FROM sessions WHERE user_id = $2 AND ended_at IS NULL AND idle_until > $6 AND expires_at > $6
  ORDER BY last_used_at DESC, id DESC OFFSET $11`;

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
    const refreshToken = makeOpaqueToken();
    const beyond = await manager.query<{ id: string }[]>(OPEN, [
      session.id,
      userId,
      delivery,
      session.ip,
      session.userAgent,
      session.createdAt,
      session.idleUntil,
      session.expiresAt,
      jkt,
      digestOf(refreshToken),
      this.settings.SESSIONS_PER_ACCOUNT - 1,
    ]);
    const displaced = beyond.map(({ id }) => id);
    for (const id of displaced) {
      await this.endIn(manager, userId, id);
    }
    return { session, refreshToken, displaced };
  }

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
    if (cursor !== undefined) {
      const [usedAt, id] = decodeCursor(LIST, cursor, ['string', 'string']);
      query.andWhere('(session.lastUsedAt, session.id) < (:usedAt, :id)', { usedAt, id });
    }
    return cutPage(await query.getMany(), limit, LIST, ({ lastUsedAt, id }) => [
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
