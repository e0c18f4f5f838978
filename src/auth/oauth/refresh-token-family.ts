import type { EntityManager } from 'typeorm';
import { User } from '../../users/user.entity.js';
import { digestOf } from '../opaque-token.js';
import { RefreshTokenRow } from '../sessions/refresh-token.entity.js';
import { Session } from '../sessions/session.entity.js';

/** A refresh token as it is kept, the session it belongs to, and whose that is. */
export interface RefreshTokenFamily {
  readonly row: RefreshTokenRow;
  readonly session: Session;
  readonly user: User;
}

/** Finds where a refresh token belongs, used or not, or `null`. Looking is no use of it: nothing is rotated or ended. */
export async function findFamily(manager: EntityManager, token: string): Promise<RefreshTokenFamily | null> {
  const row = await manager.findOneBy(RefreshTokenRow, { digest: digestOf(token) });
  const session = row && (await manager.findOneBy(Session, { id: row.sessionId }));
  const user = session && (await manager.findOneBy(User, { id: session.userId }));
  return user ? { row, session, user } : null;
}
