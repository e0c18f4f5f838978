import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Revocation } from './revocation.js';

/** A revocation as it is kept, until the last token it can concern has expired. */
@Entity('revocations')
export class RevocationRow {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  reach: Revocation['reach'];

  /** A jti, sid or user id. */
  @Column('uuid')
  subject: string;

  /** For the reach `user`: tokens below this version are refused. */
  @Column('integer', { nullable: true })
  version: number | null;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz')
  createdAt: Date;
}

/** The revocation in a row. */
export function toRevocation(row: RevocationRow): Revocation {
  const { subject } = row;
  const expiresAt = row.expiresAt.getTime();
  return row.reach === 'user'
    ? { reach: 'user', subject, version: row.version ?? 0, expiresAt }
    : { reach: row.reach, subject, expiresAt };
}
