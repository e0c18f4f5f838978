/** A category of the sample catalog; its slug is made from its name. */
export interface SampleCategory {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly parentSlug: string | null;
  readonly position: number;
}

/** A variant of a sample product; prices in euro cents. */
export interface SampleVariant {
  readonly sku: string;
  readonly title: string;
  readonly price: number;
  readonly compareAtPrice: number | null;
  readonly stock: number;
  readonly options: Readonly<Record<string, string>>;
}

/** What a sample product says about itself besides its texts. */
export type SampleAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A sample product; the first of its categories is where it belongs. Times are ISO 8601 in UTC. */
export interface SampleProduct {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string;
  readonly status: 'draft' | 'published' | 'archived';
  readonly attributes: SampleAttributes;
  readonly categorySlugs: readonly string[];
  readonly variants: readonly SampleVariant[];
  readonly publishedAt: string | null;
  readonly createdAt: string;
}

/** The sample shop; parents come before their children. */
export interface SampleCatalog {
  readonly categories: readonly SampleCategory[];
  readonly products: readonly SampleProduct[];
}
