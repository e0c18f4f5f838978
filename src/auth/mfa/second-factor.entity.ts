import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The authenticator app of an account: what it shows codes of, encrypted. It counts once it is confirmed. */
@Entity('second_factors')
export class SecondFactor {
  @PrimaryColumn('uuid')
  userId: string;

  @Column('bytea')
  sealedSecret: Buffer;

  /** The newest time step that a code was taken of (RFC 6238 5.2); `bigint`, which the driver gives as text. */
  @Column('bigint')
  lastStep: string;

  @Column('timestamptz', { nullable: true })
  confirmedAt: Date | null;
}
