import { Column, Entity, PrimaryColumn } from 'typeorm';

// PostgreSQL's bigint comes as text; our amounts are far below 2^53.
const amount = {
  to: (value: unknown) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};

/** What can be bought of a product: one size, one colour, with a price and a stock. Prices in minor units of the product's currency. */
@Entity('variants')
export class Variant {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  productId: string;

  /** Stock-keeping unit: unique in the whole shop. */
  @Column('text')
  sku: string;

  @Column('text', { nullable: true })
  title: string | null;

  @Column('bigint', { transformer: amount })
  price: number;

  @Column('bigint', { nullable: true, transformer: amount })
  compareAtPrice: number | null;

  @Column('integer')
  stock: number;

  @Column('jsonb')
  options: Record<string, string>;

  /** Variants of a product are listed in this order. */
  @Column('integer')
  position: number;
}
