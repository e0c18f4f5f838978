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
