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

const STATUSES: Readonly<Record<string, string>> = {
  active: 'published',
  draft: 'draft',
  archived: 'archived',
};

/** The header as the older exports write it, in lower case, or `null` where it is none of Shopify's. */
export function shopifyHeader(header: readonly string[]): string[] | null {
  const names = header.map((name) => NEW_NAMES[name.toLowerCase()] ?? name.toLowerCase());
  return header.some((name) => /^(url )?handle$/i.test(name)) && names.includes('title') ? names : null;
}

/** A product export of Shopify, as it is: rows with the same handle are one product. */
export class ShopifyLayout implements CsvLayout {
  keyOf({ cell }: NamedRow): string | null {
    return cell('handle') || null;
  }

  productOf(rows: readonly NamedRow[], currency: string): object {
    const handle = agreed(rows, 'handle') ?? '';
    const slug = isSlug(handle) ? handle : madeSlug(handle);
    const type = agreed(rows, 'type');
    const tags = [...new Set(splitTags(agreed(rows, 'tags') ?? ''))];
    const attributes = { ...(type && { type }), ...(tags.length > 0 && { tags }) };
    const category = agreed(rows, 'product category')
      ?.split(/\s*>\s*/)
      .join('/');
    return {
      slug: slug || undefined,
      title: agreed(rows, 'title'),
      description: agreed(rows, 'body (html)'),
      brand: agreed(rows, 'vendor')?.trim() || undefined,
      status: statusOf(rows),
      categories: category ? [category] : undefined,
      attributes: Object.keys(attributes).length > 0 ? attributes : undefined,
      media: rows.flatMap(mediumOf),
      variants: variantsOf(rows, slug || handle, currency),
    };
  }
}

function statusOf(rows: readonly NamedRow[]): string {
  const status = agreed(rows, 'status');
  const isHidden = agreed(rows, 'published')?.toLowerCase() === 'false';
  const known = status === undefined ? 'published' : STATUSES[status.toLowerCase()];
  if (known === undefined) {
    throw new CellFault(rows[0]?.line ?? 1, 'Status must be active, draft or archived');
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
  return url === '' ? [] : [{ url, alt: cell('image alt text').trim() || undefined }];
}

// The first row names the options; a row without values and price only adds a picture.
function variantsOf(rows: readonly NamedRow[], handle: string, currency: string): object[] {
  const names = [1, 2, 3].map((number) => agreed(rows, `option${number} name`));
  const made = new Set<string>();
  return rows
    .filter(
      ({ cell }) =>
        cell('variant price') !== '' || cell('variant sku') !== '' || cell('option1 value') !== '',
    )
    .map((row) => {
      const { cell } = row;
      const values = [1, 2, 3].map((number) => cell(`option${number} value`));
      // A product without options has one that is called Title with the value Default Title.
      const options = names.flatMap((name, index) => {
        const value = values[index] ?? '';
        return name === undefined || value === '' || value === 'Default Title'
          ? []
          : [[name, value] as const];
      });
      // Excel's way of keeping the zeros of 00123.
      const sku = cell('variant sku').replace(/^'/, '').trim() || (handle && madeSku(handle, options, made));
      const compareAt = cell('variant compare at price');
      return {
        sku,
        title: options.length > 0 ? titleOf(options.map(([, value]) => value)) : undefined,
        price: { amount: amountOf(row, 'variant price', currency), currency },
        compareAtPrice: compareAt
          ? { amount: amountOf(row, 'variant compare at price', currency), currency }
          : undefined,
        stock: stockOf(row),
        options: options.length > 0 ? Object.fromEntries(options) : undefined,
      };
    });
}

// Counted in characters: a cut within one would leave half a surrogate pair, which cannot be stored.
function titleOf(values: readonly string[]): string {
  return [...values.join(' / ')].slice(0, 200).join('');
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
