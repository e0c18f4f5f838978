import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an account's address is verified with: its own, or the one that it is to be changed to. Only a digest is kept. */
@Entity('email_verification_tokens')
export class EmailVerificationToken {
  @PrimaryColumn('uuid')
  userId: string;

  /** Lower case. */
  @Column('text')
  email: string;

  @Column('bytea')
  digest: Buffer;

  @Column('timestamptz')
  expiresAt: Date;
}
