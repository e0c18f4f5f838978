import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A refresh token, of which only the SHA-256 digest is kept. */
@Entity('refresh_tokens')
export class RefreshTokenRow {
  @PrimaryColumn('bytea')
  digest: Buffer;

  @Column('uuid')
  sessionId: string;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;

  /** The token that replaced it, readable only with the token itself. */
  @Column('bytea', { nullable: true })
  sealedSuccessor: Buffer | null;
}
