import { Entity, PrimaryColumn } from 'typeorm';

/** A code that stands in for the second factor, once; of which only the SHA-256 digest is kept. */
@Entity('recovery_codes')
export class RecoveryCode {
  @PrimaryColumn('uuid')
  userId: string;

  @PrimaryColumn('bytea')
  digest: Buffer;
}
