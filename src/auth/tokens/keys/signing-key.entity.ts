import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JwtAlgorithm } from '../../../config/settings.js';
import type { PublicJwk } from './key-material.js';

/** A key of the ring. At most one is not retired: the one that signs. */
@Entity('signing_keys')
export class SigningKeyRow {
  @PrimaryColumn('uuid')
  kid: string;

  @Column('text')
  algorithm: JwtAlgorithm;

  @Column('jsonb', { nullable: true })
  publicJwk: PublicJwk | null;

  /** AES-256-GCM under a key derived from KEY_ENCRYPTION_SECRET, bound to the kid. */
  @Column('bytea')
  sealedPrivateKey: Buffer;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  retiredAt: Date | null;

  /** When the last token it signed has expired. */
  @Column('timestamptz', { nullable: true })
  verifiesUntil: Date | null;
}
