import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The hash of an account's password, kept apart from the account. */
@Entity('password_credentials')
export class PasswordCredential {
  @PrimaryColumn('uuid')
  userId: string;

  /** argon2id in PHC string format, with its parameters and salt. */
  @Column('text')
  hash: string;

  @Column('timestamptz')
  changedAt: Date;
}
