import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Attributes } from './attributes.js';

export const PRODUCT_STATUSES = ['draft', 'published', 'archived'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

/** A product as it is written; it is read as a document. */
@Entity('products')
export class Product {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  slug: string;

  @Column('text')
  title: string;

  @Column('text')
  description: string;

  @Column('text', { nullable: true })
  brand: string | null;

  @Column('text')
  status: ProductStatus;

  @Column('jsonb')
  attributes: Attributes;

  /** Of every price of its variants; `null` while there is none. */
  @Column('text', { nullable: true })
  currency: string | null;

  /** Raised by 1 whenever its document is written anew; its ETag tells of it. */
  @Column('integer')
  revision: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  updatedAt: Date;

  /** When it was first published. */
  @Column('timestamptz', { nullable: true })
  publishedAt: Date | null;
}
