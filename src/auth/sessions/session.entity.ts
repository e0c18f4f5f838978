import { Column, Entity, PrimaryColumn } from 'typeorm';

export const DELIVERIES = ['cookie', 'body'] as const;
/** How a session's refresh tokens travel: as a cookie (browsers) or in the body (native apps). */
export type Delivery = (typeof DELIVERIES)[number];

/** One sign-in on one device, and the family of refresh tokens that follows from it. */
@Entity('sessions')
export class Session {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  userId: string;

  @Column('text')
  delivery: Delivery;

  @Column('text')
  ip: string;

  @Column('text')
  userAgent: string;

  @Column('timestamptz')
  createdAt: Date;

  /** When its owner last proved their password: at sign-in, or by `POST /v1/auth/reauthenticate`. */
  @Column('timestamptz')
  authenticatedAt: Date;

  @Column('timestamptz')
  lastUsedAt: Date;

  /** When it ends if it is not used (ASVS 7.3.1). */
  @Column('timestamptz')
  idleUntil: Date;

  /** When it ends in any case (ASVS 7.3.2). */
  @Column('timestamptz')
  expiresAt: Date;

  /** The RFC 7638 thumbprint of the key that its tokens are bound to (RFC 9449), if they are. */
  @Column('text', { nullable: true })
  jkt: string | null;

  @Column('timestamptz', { nullable: true })
  endedAt: Date | null;
}

/** Whether a session may still be used. */
export function isSessionAlive(session: Session, now: Date): boolean {
  return session.endedAt === null && session.idleUntil > now && session.expiresAt > now;
}
