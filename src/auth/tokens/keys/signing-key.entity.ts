import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JwtAlgorithm } from '../../../config/settings.js';
import type { PublicJwk } from './key-material.js';

/** A key of the ring. What it is (next, current, previous, gone) follows from its times. */
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

  /** From when it signs, until a key with a later time does. */
  @Column('timestamptz')
  signsFrom: Date;

  /** When the last token it signed has expired; `null` while it has no successor, which is so of at most one key. */
  @Column('timestamptz', { nullable: true })
  verifiesUntil: Date | null;
}

/** Whether a key is published, but does not sign yet. */
export function isWaiting({ signsFrom }: SigningKeyRow, now: number): boolean {
  return signsFrom.getTime() > now;
}

/** Says that a key waits, and until when. */
export function waitingSentence({ kid, signsFrom }: SigningKeyRow): string {
  return `The next key ${kid} is waiting and takes over at ${signsFrom.toISOString()}.`;
}
