import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from './role.js';

export const USER_STATUSES = ['active', 'disabled'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** An account. How its owner proves to be its owner is kept apart, in `auth/`. */
@Entity('users')
export class User {
  @PrimaryColumn('uuid')
  id: string;

  /** Lower case. */
  @Column('text')
  email: string;

  @Column('boolean')
  emailVerified: boolean;

  @Column('text', { nullable: true })
  displayName: string | null;

  @Column('text', { array: true })
  roles: Role[];

  @Column('text')
  status: UserStatus;

  /** Raised by each change that takes back the tokens issued before it. */
  @Column('integer')
  version: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  updatedAt: Date;
}
