import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a service may be told of a token beside the claims that RFC 7662 2.2 names. */
export const PRIVATE_CLAIMS = ['roles', 'sid', 'email'] as const;
export type PrivateClaim = (typeof PRIVATE_CLAIMS)[number];

/** A service with credentials of its own (RFC 6749 2.3); of its secret only the SHA-256 digest is kept. */
@Entity('service_clients')
export class ServiceClient {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  @Column('bytea')
  secretDigest: Buffer;

  @Column('text', { array: true })
  claims: PrivateClaim[];

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
