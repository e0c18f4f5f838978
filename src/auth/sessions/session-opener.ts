import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type pg from 'pg';
import { DataSource, EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { Settings } from '../../config/settings.js';
import { connectionPool } from '../../database/connection-pool.js';
import { type RowSource, transactionSource } from '../../database/row-source.js';
import type { Caller } from '../../http/caller.decorator.js';
import { Clock } from '../../time/clock.js';
import { User } from '../../users/user.entity.js';
import { digestOf, makeOpaqueToken } from '../opaque-token.js';
import { type Delivery, Session } from './session.entity.js';
import { SessionsService } from './sessions.service.js';

/** Who signs in, and how. */
export interface NewSession {
  readonly userId: string;
  /** When the password was set that has been checked. */
  readonly passwordSetAt: Date;
  readonly delivery: Delivery;
  /** The key that its tokens are bound to, if any (RFC 9449). */
  readonly jkt: string | null;
}

/** A session that has just been opened. */
export interface OpenedSession {
  readonly user: User;
  readonly session: Session;
  readonly refreshToken: string;
  /** The ids of the sessions that ended to make room for it. */
  readonly displaced: readonly string[];
}

interface OpenedRow extends User {
  readonly displaced: string[];
}

const OPEN = `
  SELECT (account).id, (account).email, (account).email_verified AS "emailVerified", (account).display_name AS "displayName",
    (account).roles, (account).status, (account).version, (account).created_at AS "createdAt",
    (account).updated_at AS "updatedAt", displaced
  FROM open_session($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

/**
 * Opens a session with its first refresh token; each sign-in opens a new one (ASVS 7.2.4). Where the account has as many as it
 * may, those unused for longest end, as of when it was asked for. The account is locked meanwhile, which its administration, a change of password and other
 * sign-ins wait for: none is opened with roles, for an account or with a password that was taken away while the password was being
 * checked, and no two sign-ins count the same sessions.
 */
@Injectable()
export class SessionOpener {
  private readonly pool: pg.Pool;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly sessions: SessionsService,
  ) {
    this.pool = connectionPool(dataSource);
  }

  /** Opens it, in one statement where no other has to end; `null` unless the account is active and has that password still. */
  async open(wanted: NewSession, caller: Caller): Promise<OpenedSession | null> {
    const opened = await this.openFrom(this.pool, wanted, caller, 'if there is room');
    return opened === 'no room'
      ? this.dataSource.transaction((manager) => this.openIn(manager, wanted, caller))
      : opened;
  }

  /** The same as part of a transaction. */
  async openIn(manager: EntityManager, wanted: NewSession, caller: Caller): Promise<OpenedSession | null> {
    const opened = await this.openFrom(transactionSource(manager), wanted, caller, 'in any case');
    if (opened === 'no room') {
      throw new Error('A session that may displace others was refused for want of room.');
    }
    for (const id of opened?.displaced ?? []) {
      await this.sessions.endIn(manager, wanted.userId, id);
    }
    return opened;
  }

  private async openFrom(
    source: RowSource,
    { userId, passwordSetAt, delivery, jkt }: NewSession,
    { ip, userAgent }: Caller,
    when: 'if there is room' | 'in any case',
  ): Promise<OpenedSession | 'no room' | null> {
    const now = this.clock.date();
    const session = Object.assign(new Session(), {
      id: v7(),
      userId,
      delivery,
      ip,
      userAgent: userAgent.slice(0, 500),
      createdAt: now,
      authenticatedAt: now,
      lastUsedAt: now,
      idleUntil: new Date(now.getTime() + this.settings.REFRESH_TOKEN_TTL * 1000),
      expiresAt: new Date(now.getTime() + this.settings.SESSION_MAX_AGE * 1000),
      jkt,
      endedAt: null,
    });
    const refreshToken = makeOpaqueToken();
    const { rows } = await source.query<OpenedRow>({
      name: 'open-session',
      text: OPEN,
      values: [
        session.id,
        userId,
        passwordSetAt,
        delivery,
        ip,
        session.userAgent,
        now,
        session.idleUntil,
        session.expiresAt,
        jkt,
        digestOf(refreshToken),
        this.settings.SESSIONS_PER_ACCOUNT,
        when === 'in any case',
      ],
    });
    const [row] = rows;
    if (!row) {
      return null;
    }
    const { displaced, ...account } = row;
    if (displaced.length > 0 && when === 'if there is room') {
      return 'no room';
    }
    return { user: Object.assign(new User(), account), session, refreshToken, displaced };
  }
}
