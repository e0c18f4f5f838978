import { MAX_ALT_LENGTH, MAX_MEDIA } from '../imports/dto/import-line.dto.js';
import { isSlug } from '../slug.js';
import { CellFault, type CsvLayout, type NamedRow, agreed } from './csv-layout.js';
import { madeSku, madeSlug } from './made-names.js';
import { amountOf } from './own-layout.js';

/** What Shopify's newer exports call the columns of the older ones, in lower case. */
const NEW_NAMES: Readonly<Record<string, string>> = {
  'url handle': 'handle',
  description: 'body (html)',
  sku: 'variant sku',
  price: 'variant price',
  'compare-at price': 'variant compare at price',
  'inventory quantity': 'variant inventory qty',
  'published on online store': 'published',
  'product image url': 'image src',
};

/** The name and the value of an option. */
type Option = readonly [string, string];

const STATUSES: Readonly<Record<string, string>> = {
  active: 'published',
  draft: 'draft',
  unlisted: 'draft',
  archived: 'archived',
};

/** The header as the older exports write it, in lower case, or `null` where it is none of Shopify's. */
export function shopifyHeader(header: readonly string[]): string[] | null {
  const names = header.map((name) => NEW_NAMES[name.toLowerCase()] ?? name.toLowerCase());
  return header.some((name) => /^(url )?handle$/i.test(name)) && names.includes('title') ? names : null;
}

/**
 * A product export of Shopify, as it is: rows with the same handle are one product. It states the whole product: where there
 * is a column, what is blank in it is none (`null`), so that a sale that has ended ends here too.
 */
export class ShopifyLayout implements CsvLayout {
  private readonly columns: ReadonlySet<string>;

  /** @param header as `shopifyHeader` answers */
  constructor(header: readonly string[]) {
    this.columns = new Set(header);
  }

  keyOf({ cell }: NamedRow): string | null {
    return cell('handle') || null;
  }

  productOf(rows: readonly NamedRow[], currency: string): object {
    const handle = agreed(rows, 'handle') ?? '';
    const slug = isSlug(handle) ? handle : madeSlug(handle);
    const type = agreed(rows, 'type');
    const tags = [...new Set(splitTags(agreed(rows, 'tags') ?? ''))];
    const attributes =
      type || tags.length > 0 ? { ...(type && { type }), ...(tags.length > 0 && { tags }) } : null;
    const category = agreed(rows, 'product category')
      ?.split(/\s*>\s*/)
      .join('/');
    return {
      slug: slug || undefined,
      title: agreed(rows, 'title'),
      description: agreed(rows, 'body (html)') ?? this.blank('body (html)'),
      brand: agreed(rows, 'vendor')?.trim() || this.blank('vendor'),
      status: statusOf(rows),
      categories: category ? [category] : this.blank('product category'),
      attributes: attributes ?? this.blank('type', 'tags'),
      media: rows.flatMap(mediumOf).slice(0, MAX_MEDIA),
      variants: this.variantsOf(rows, slug || handle, currency),
    };
  }

  /** What a blank cell of these columns says: nothing where the file has none of them. */
  private blank(...columns: string[]): null | undefined {
    return columns.some((name) => this.columns.has(name)) ? null : undefined;
  }

  // The first row names the options; a row without values and price only adds a picture.
  private variantsOf(rows: readonly NamedRow[], handle: string, currency: string): object[] {
    const names = [1, 2, 3].map((number) => agreed(rows, `option${number} name`));
    const made = new Set<string>();
    return rows
      .filter(
        ({ cell }) =>
          cell('variant price') !== '' || cell('variant sku') !== '' || cell('option1 value') !== '',
      )
      .map((row) => {
        const { cell } = row;
        const options = optionsOf(row, names);
        const hasOptions = options.length > 0;
        // Excel's way of keeping the zeros of 00123.
        const sku =
          cell('variant sku').replace(/^'/, '').trim() || (handle && madeSku(handle, options, made));
        return {
          sku,
          title: hasOptions ? titleOf(options) : this.blank('option1 value'),
          price: { amount: amountOf(row, 'variant price', currency), currency },
          compareAtPrice: cell('variant compare at price')
            ? { amount: amountOf(row, 'variant compare at price', currency), currency }
            : this.blank('variant compare at price'),
          stock: stockOf(row),
          options: hasOptions ? Object.fromEntries(options) : this.blank('option1 value'),
        };
      });
  }
}

function statusOf(rows: readonly NamedRow[]): string {
  const status = agreed(rows, 'status');
  const isHidden = agreed(rows, 'published')?.toLowerCase() === 'false';
  const known = status === undefined ? 'published' : STATUSES[status.toLowerCase()];
  if (known === undefined) {
    throw new CellFault(rows[0]?.line ?? 1, 'Status must be active, draft, unlisted or archived');
  }
  return known === 'published' && isHidden ? 'draft' : known;
}

function splitTags(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
}

function mediumOf({ cell }: NamedRow): object[] {
  const url = cell('image src');
  return url === '' ? [] : [{ url, alt: altOf(cell('image alt text')) }];
}

// Shopify lets it have line ends, and some more characters.
function altOf(text: string): string | undefined {
  const line = cut(text.replace(/\p{Cc}+/gu, ' ').trim(), MAX_ALT_LENGTH);
  return /[^\s\p{Cf}]/u.test(line) ? line : undefined;
}

// A product without options has one that is called Title with the value Default Title.
function optionsOf({ cell }: NamedRow, names: readonly (string | undefined)[]): Option[] {
  return names.flatMap((name, index) => {
    const value = cell(`option${index + 1} value`);
    return name === undefined || value === '' || value === 'Default Title' ? [] : [[name, value]];
  });
}

function titleOf(options: readonly Option[]): string {
  return cut(options.map(([, value]) => value).join(' / '), 200);
}

// Counted in characters: a cut within one would leave half a surrogate pair, which cannot be stored.
function cut(text: string, length: number): string {
  return [...text].slice(0, length).join('');
}

// Shopify sells on below zero; here there is nothing left then. A stock that is not tracked is blank.
function stockOf({ line, cell }: NamedRow): number | undefined {
  const text = cell('variant inventory qty').trim();
  if (text === '') {
    return undefined;
  }
  if (!/^-?\d{1,15}$/.test(text)) {
    throw new CellFault(line, 'Variant Inventory Qty must be a whole number');
  }
  return Math.max(0, Number(text));
}
