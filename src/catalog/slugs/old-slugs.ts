import type { RowSource } from '../../database/row-source.js';
import type { ProductStatus } from '../products/product.entity.js';
import { isSlug } from '../slug.js';

/** Where an old slug leads: the slug that its product has now, and whether that is to be seen. */
export interface PresentProduct {
  readonly slug: string;
  readonly status: ProductStatus;
}

const PRODUCT = `
  SELECT p.slug, p.status FROM old_product_slugs old JOIN products p ON p.id = old.product_id WHERE old.slug = $1`;

const CATEGORY = `
  SELECT c.slug FROM old_category_slugs old JOIN categories c ON c.id = old.category_id WHERE old.slug = $1`;

/**
 * Finds what had a slug before. The database keeps an old slug with each change of one, and forgets it when another
 * product (or category) takes it. Asked only where nothing has the slug now.
 */
export class OldSlugs {
  constructor(private readonly source: RowSource) {}

  /** The product that had this slug, or `null`. */
  async product(slug: string): Promise<PresentProduct | null> {
    return this.find<PresentProduct>(PRODUCT, slug);
  }

  /** The category that had this slug, or `null`. */
  async category(slug: string): Promise<{ readonly slug: string } | null> {
    return this.find<{ readonly slug: string }>(CATEGORY, slug);
  }

  private async find<Row extends object>(text: string, slug: string): Promise<Row | null> {
    const { rows } = isSlug(slug) ? await this.source.query<Row>({ text, values: [slug] }) : { rows: [] };
    return rows[0] ?? null;
  }
}
