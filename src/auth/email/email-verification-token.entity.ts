import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an account's address is verified with: its own, or the one that it is to be changed to. Only a digest is kept. */
@Entity('email_verification_tokens')
export class EmailVerificationToken {
  @PrimaryColumn('uuid')
  userId: string;

  /** Lower case. */
  @Column('text')
  email: string;

  /** The session that asked for another address, which has to be alive still; `null` for the account's own. */
  @Column('uuid', { nullable: true })
  sessionId: string | null;

  @Column('bytea')
  digest: Buffer;

  @Column('timestamptz')
  expiresAt: Date;
}
