import type { Attributes } from '../products/attributes.js';
import type { ProductStatus } from '../products/product.entity.js';

/** A category to load; parents may come after their children. */
export interface LoadedCategory {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly parentSlug: string | null;
  readonly position: number;
}

/** A variant to load; prices in minor units, all of a product in one currency. */
export interface LoadedVariant {
  readonly sku: string;
  readonly title: string | null;
  readonly price: { readonly amount: number; readonly currency: string };
  readonly compareAtPrice?: { readonly amount: number; readonly currency: string } | null;
  readonly stock: number;
  readonly options: Readonly<Record<string, string>>;
}

/** A product to load, with the slugs of its categories. */
export interface LoadedProduct {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string | null;
  readonly status: ProductStatus;
  readonly attributes: Attributes;
  readonly categorySlugs: readonly string[];
  readonly variants: readonly LoadedVariant[];
  readonly createdAt: string;
  readonly publishedAt: string | null;
}

/** A whole catalog; slugs and SKUs are unique in it. */
export interface LoadedCatalog {
  readonly categories: readonly LoadedCategory[];
  readonly products: readonly LoadedProduct[];
}
