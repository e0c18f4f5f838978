import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager, IsNull } from 'typeorm';
import { Settings } from '../../config/settings.js';
import { AuditLog } from '../../audit/audit-log.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Problem } from '../../http/problem.js';
import { Clock } from '../../time/clock.js';
import { User } from '../../users/user.entity.js';
import { invalidProof } from '../dpop/challenge.js';
import { digestOf, makeOpaqueToken } from '../opaque-token.js';
import { RevocationRecorder } from '../tokens/revocation/revocation-recorder.js';
import { isRefreshToken, sealSuccessor, unsealSuccessor } from './refresh-token.js';
import { RefreshTokenRow } from './refresh-token.entity.js';
import { Session, isSessionAlive } from './session.entity.js';

/** For how long after its use a token is answered again: two tabs waking together, an answer lost on the way. */
export const GRACE_MS = 10_000;

/** A session that goes on, and the refresh token to go on with. */
export interface RefreshedSession {
  readonly user: User;
  readonly session: Session;
  readonly refreshToken: string;
}

/**
 * Rotates refresh tokens (RFC 9700 4.14): each is used once. Within the grace window the same rotation is answered
 * again; after it, a used token means theft, and its session ends.
 */
@Injectable()
export class RefreshService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly revocations: RevocationRecorder,
    private readonly audit: AuditLog,
  ) {}

  /**
   * `jkt` is the key that the caller has proved to hold, if any.
   * @throws Problem `invalid-token`, `refresh-token-reused`, or `invalid-dpop-proof` where the session has another key
   */
  async refresh(token: string, caller: Caller, jkt: string | null): Promise<RefreshedSession> {
    if (!isRefreshToken(token)) {
      throw unusable();
    }
    // Theft is a result, not an exception: the end of the session has to be committed.
    const outcome = await this.dataSource.transaction((manager) => this.rotate(manager, token, jkt));
    if ('locked' in outcome) {
      const { id, userId } = outcome.locked;
      this.audit.record('dpop-proof-refused', { userId, sessionId: id }, caller);
      throw invalidProof('This session is bound to a key: send a proof that is signed with it.');
    }
    if ('stolen' in outcome) {
      const { id, userId } = outcome.stolen;
      this.audit.record('refresh-token-reused', { userId, sessionId: id }, caller);
      throw new Problem(
        'refresh-token-reused',
        'This refresh token was used before; its session has been ended. Sign in again.',
      );
    }
    return outcome;
  }

  private async rotate(
    manager: EntityManager,
    token: string,
    jkt: string | null,
  ): Promise<RefreshedSession | { stolen: Session } | { locked: Session }> {
    const now = this.clock.date();
    const { user, session, row } = await this.lockFamily(manager, token);
    if (!isSessionAlive(session, now) || user.status !== 'active') {
      throw unusable();
    }
    // RFC 9449 5. Before anything changes: without the key, an old token cannot even end the session.
    if (session.jkt !== null && session.jkt !== jkt) {
      return { locked: session };
    }
    if (row.usedAt === null) {
      const refreshToken = await this.replace(manager, token, session, now);
      return { user, session, refreshToken };
    }
    if (now.getTime() - row.usedAt.getTime() > GRACE_MS) {
      await this.endStolen(manager, session, now);
      return { stolen: session };
    }
    return { user, session, refreshToken: await this.newestAfter(manager, token, row) };
  }

  // The user first, then the session: the order in which an administrator's change locks them.
  private async lockFamily(
    manager: EntityManager,
    token: string,
  ): Promise<{ user: User; session: Session; row: RefreshTokenRow }> {
    const digest = digestOf(token);
    const found = await manager.findOneBy(RefreshTokenRow, { digest });
    const unlocked = found && (await manager.findOneBy(Session, { id: found.sessionId }));
    const user =
      unlocked &&
      (await manager.findOne(User, { where: { id: unlocked.userId }, lock: { mode: 'pessimistic_read' } }));
    const session =
      unlocked &&
      (await manager.findOne(Session, { where: { id: unlocked.id }, lock: { mode: 'pessimistic_write' } }));
    const row = await manager.findOneBy(RefreshTokenRow, { digest });
    if (!user || !session || !row) {
      throw unusable();
    }
    return { user, session, row };
  }

  private async replace(manager: EntityManager, token: string, session: Session, now: Date): Promise<string> {
    const successor = makeOpaqueToken();
    const { affected } = await manager.update(
      RefreshTokenRow,
      { digest: digestOf(token), usedAt: IsNull() },
      { usedAt: now, sealedSuccessor: sealSuccessor(token, successor) },
    );
    if (affected !== 1) {
      throw new Error('a refresh token was used twice under its session’s lock');
    }
    await manager.insert(RefreshTokenRow, {
      digest: digestOf(successor),
      sessionId: session.id,
      createdAt: now,
    });
    session.lastUsedAt = now;
    session.idleUntil = new Date(now.getTime() + this.settings.REFRESH_TOKEN_TTL * 1000);
    await manager.update(Session, { id: session.id }, { lastUsedAt: now, idleUntil: session.idleUntil });
    return successor;
  }

  // Others may have gone on rotating within the window: the caller gets the newest token, which is unused.
  private async newestAfter(manager: EntityManager, token: string, row: RefreshTokenRow): Promise<string> {
    let [current, currentRow]: [string, RefreshTokenRow | null] = [token, row];
    while (currentRow?.sealedSuccessor) {
      current = unsealSuccessor(current, currentRow.sealedSuccessor);
      currentRow = await manager.findOneBy(RefreshTokenRow, { digest: digestOf(current) });
    }
    return current;
  }

  private async endStolen(manager: EntityManager, session: Session, now: Date): Promise<void> {
    await manager.update(Session, { id: session.id }, { endedAt: now });
    await this.revocations.revokeSession(manager, session.id);
  }
}

function unusable(): Problem {
  return new Problem(
    'invalid-token',
    'The refresh token is unknown, or its session has ended. Sign in again.',
    {
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    },
  );
}
