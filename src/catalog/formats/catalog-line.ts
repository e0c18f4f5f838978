/** A product as imports take it and exports write it. Nothing that is empty or `null` is in it. */
export interface CatalogLine {
  readonly slug: string;
  readonly title: string;
  readonly description?: string;
  readonly brand?: string;
  readonly status: string;
  /** When it was first published (RFC 3339). */
  readonly publishedAt?: string;
  readonly categories?: readonly string[];
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly media?: readonly { readonly url: string; readonly alt?: string }[];
  readonly variants: readonly CatalogVariant[];
}

interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** A variant of a `CatalogLine`. */
export interface CatalogVariant {
  readonly sku: string;
  readonly title?: string;
  readonly price: Money;
  readonly compareAtPrice?: Money;
  readonly stock: number;
  readonly options?: Readonly<Record<string, string>>;
}

/** What an export needs of a product document. */
export interface ExportedDocument {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string | null;
  readonly status: string;
  readonly publishedAt: string | null;
  readonly categories: readonly { readonly path: string }[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly media: readonly { readonly url: string; readonly alt?: string | null }[];
  readonly variants: readonly {
    readonly sku: string;
    readonly title: string | null;
    readonly price: Money;
    readonly compareAtPrice?: Money;
    readonly stock: number;
    readonly options: Readonly<Record<string, string>>;
  }[];
}

/** The line of a product: always the same members in the same order, so that equal catalogs give equal files. */
export function catalogLine(document: ExportedDocument): CatalogLine {
  const { slug, title, description, brand, status, publishedAt, categories, attributes, media, variants } =
    document;
  return {
    slug,
    title,
    ...(description !== '' && { description }),
    ...(brand !== null && { brand }),
    status,
    ...(publishedAt !== null && { publishedAt }),
    ...(categories.length > 0 && { categories: categories.map(({ path }) => path) }),
    ...(hasMembers(attributes) && { attributes }),
    ...(media.length > 0 && { media: media.map(({ url, alt }) => (alt ? { url, alt } : { url })) }),
    variants: variants.map(variantLine),
  };
}

function variantLine({
  sku,
  title,
  price,
  compareAtPrice,
  stock,
  options,
}: ExportedDocument['variants'][number]): CatalogVariant {
  return {
    sku,
    ...(title !== null && { title }),
    price,
    ...(compareAtPrice && { compareAtPrice }),
    stock,
    ...(hasMembers(options) && { options }),
  };
}

function hasMembers(value: object): boolean {
  return Object.keys(value).length > 0;
}
