import { isJsonObject } from '../merge-patch.js';
import { CellFault, type CsvLayout, type NamedRow, agreed } from './csv-layout.js';
import { fromDecimal } from './decimal-amount.js';

/** The columns of our CSV, in the order of an export. */
export const OWN_COLUMNS = [
  'slug',
  'title',
  'description',
  'brand',
  'status',
  'publishedAt',
  'categories',
  'attributes',
  'media',
  'sku',
  'variantTitle',
  'price',
  'compareAtPrice',
  'currency',
  'stock',
  'options', // prettier-ignore
] as const;

const VARIANT_COLUMNS = ['variantTitle', 'price', 'compareAtPrice', 'stock', 'options'];

/** Prefixes of columns that hold one attribute or option each, for who writes the file by hand. */
const ATTRIBUTE = 'attribute:';
const OPTION = 'option:';

/** What speaks against a header, or `null`. */
export function faultOfOwnHeader(header: readonly string[]): string | null {
  const known = new Set<string>(OWN_COLUMNS);
  const strange = header.find((name) => !known.has(name) && !/^(attribute|option):./.test(name));
  if (strange !== undefined) {
    return `The column "${strange.slice(0, 100)}" is not known. There are: ${OWN_COLUMNS.join(', ')}, attribute:NAME, option:NAME.`;
  }
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  return twice === undefined ? null : `The column "${twice}" is there twice.`;
}

/** Our own CSV: one row for each variant. What is said once for a product may be repeated or left out in its other rows. */
export class OwnLayout implements CsvLayout {
  private readonly attributes: readonly string[];
  private readonly options: readonly string[];

  constructor(header: readonly string[]) {
    this.attributes = header.filter((name) => name.startsWith(ATTRIBUTE));
    this.options = header.filter((name) => name.startsWith(OPTION));
  }

  keyOf({ cell }: NamedRow): string | null {
    return cell('slug') || null;
  }

  productOf(rows: readonly NamedRow[], currency: string): object {
    return {
      slug: agreed(rows, 'slug'),
      title: agreed(rows, 'title'),
      description: agreed(rows, 'description'),
      brand: agreed(rows, 'brand'),
      status: agreed(rows, 'status')?.trim(),
      publishedAt: agreed(rows, 'publishedAt')?.trim(),
      categories: agreed(rows, 'categories')?.split(/\r?\n/).filter(Boolean),
      attributes: members(
        rows,
        'attributes',
        this.attributes.map((name) => [name.slice(ATTRIBUTE.length), agreed(rows, name)]),
      ),
      media: parsed(rows, 'media'),
      variants: rows.filter(describesVariant).map((row) => this.variantOf(row, currency)),
    };
  }

  private variantOf(row: NamedRow, defaultCurrency: string): object {
    const { cell } = row;
    const currency = cell('currency').trim() || defaultCurrency;
    return {
      sku: cell('sku') || undefined,
      title: cell('variantTitle') || undefined,
      price: { amount: amountOf(row, 'price', currency), currency },
      compareAtPrice: cell('compareAtPrice')
        ? { amount: amountOf(row, 'compareAtPrice', currency), currency }
        : undefined,
      stock: cell('stock') ? wholeNumber(row, 'stock') : undefined,
      options: members(
        [row],
        'options',
        this.options.map((name) => [name.slice(OPTION.length), cell(name) || undefined]),
      ),
    };
  }
}

/** @throws CellFault for what is no decimal number of the currency */
export function amountOf({ line, cell }: NamedRow, name: string, currency: string): number {
  const amount = fromDecimal(cell(name), currency);
  if (amount === null) {
    throw new CellFault(
      line,
      `${name} must be a decimal number such as 19.99, and no finer than ${currency.slice(0, 10)} goes`,
    );
  }
  return amount;
}

function describesVariant({ cell }: NamedRow): boolean {
  return cell('sku') !== '' || VARIANT_COLUMNS.some((name) => cell(name) !== '');
}

function wholeNumber({ line, cell }: NamedRow, name: string): number {
  const text = cell(name).trim();
  if (!/^\d{1,15}$/.test(text)) {
    throw new CellFault(line, `${name} must be a whole number`);
  }
  return Number(text);
}

function members(
  rows: readonly NamedRow[],
  name: string,
  singles: readonly (readonly [string, string | undefined])[],
): object | undefined {
  const given = parsed(rows, name);
  const said = singles.filter(([, value]) => value !== undefined);
  if (given === undefined) {
    return said.length > 0 ? Object.fromEntries(said) : undefined;
  }
  if (!isJsonObject(given)) {
    throw new CellFault(rows[0]?.line ?? 1, `${name} must be a JSON object`);
  }
  return Object.fromEntries([...Object.entries(given), ...said]);
}

function parsed(rows: readonly NamedRow[], name: string): unknown {
  const text = agreed(rows, name);
  if (text === undefined) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new CellFault(rows[0]?.line ?? 1, `${name} must be JSON`);
  }
}
