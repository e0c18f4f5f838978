import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A node of the category tree. */
@Entity('categories')
export class Category {
  @PrimaryColumn('uuid')
  id: string;

  /** `null` at the root. */
  @Column('uuid', { nullable: true })
  parentId: string | null;

  /** Unique among its siblings, without `/`. */
  @Column('text')
  name: string;

  @Column('text')
  slug: string;

  @Column('text')
  description: string;

  /** Siblings are listed in this order, and by name where it is the same. */
  @Column('integer')
  position: number;

  /** Ids from the root down to this one. */
  @Column('uuid', { array: true })
  lineage: string[];

  /** Names from the root down to this one, joined by `/`. */
  @Column('text')
  path: string;

  /** Raised by 1 at each change of its own fields; the ETag. */
  @Column('integer')
  revision: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  updatedAt: Date;
}
