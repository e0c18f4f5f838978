import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account that is made once its address is verified; the newest one of the address. */
@Entity('pending_registrations')
export class PendingRegistration {
  /** Lower case. */
  @PrimaryColumn('text')
  email: string;

  @Column('text')
  passwordHash: string;

  @Column('text', { nullable: true })
  displayName: string | null;

  /** Of the token that confirms it. */
  @Column('bytea')
  digest: Buffer;

  @Column('timestamptz')
  expiresAt: Date;
}
