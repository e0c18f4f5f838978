import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The living reset token of an account, of which only the SHA-256 digest is kept. */
@Entity('password_reset_tokens')
export class PasswordResetToken {
  @PrimaryColumn('uuid')
  userId: string;

  @Column('bytea')
  digest: Buffer;

  @Column('timestamptz')
  expiresAt: Date;
}
