import { stringify } from 'csv-stringify/sync';
import type { CatalogLine, CatalogVariant } from './catalog-line.js';
import { toDecimal } from './decimal-amount.js';
import { neutralise } from './formula-cells.js';
import { OWN_COLUMNS } from './own-layout.js';

type Cells = Partial<Record<(typeof OWN_COLUMNS)[number], string>>;

// Excel takes a file without the mark for one of the local code page.
const BYTE_ORDER_MARK = '\uFEFF';

/** The catalog as CSV (RFC 4180): one row for each variant, the product in the first one, and its slug in all. */
export async function* csvText(pages: AsyncIterable<readonly CatalogLine[]>): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${OWN_COLUMNS.join(',')}\r\n`;
  for await (const lines of pages) {
    const rows = lines
      .flatMap(rowsOf)
      .map((cells) => OWN_COLUMNS.map((name) => neutralise(cells[name] ?? '')));
    yield stringify(rows, { record_delimiter: '\r\n', quote_record_delimiter: true });
  }
}

function rowsOf(line: CatalogLine): Cells[] {
  const { slug, title, description, brand, status, publishedAt, categories, attributes, media, variants } =
    line;
  const [first, ...others] = variants;
  return [
    {
      slug,
      title,
      description,
      brand,
      status,
      publishedAt,
      categories: categories?.join('\n'),
      attributes: attributes && JSON.stringify(attributes),
      media: media && JSON.stringify(media),
      ...(first && variantCells(first, slug)),
    },
    ...others.map((variant) => variantCells(variant, slug)),
  ];
}

function variantCells(
  { sku, title, price, compareAtPrice, stock, options }: CatalogVariant,
  slug: string,
): Cells {
  return {
    slug,
    sku,
    variantTitle: title,
    price: toDecimal(price.amount, price.currency),
    compareAtPrice: compareAtPrice && toDecimal(compareAtPrice.amount, compareAtPrice.currency),
    currency: price.currency,
    stock: String(stock),
    options: options && JSON.stringify(options),
  };
}
