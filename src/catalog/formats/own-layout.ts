import { readJson } from '../../http/json-body.js';
import { Problem } from '../../http/problem.js';
import { isCurrency } from '../input/currency.js';
import { isJsonObject } from '../merge-patch.js';
import { CellFault, type Column, type CsvLayout, type NamedRow, agreed, agreedCells } from './csv-layout.js';
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
  const last = new Map(header.map((name, index) => [name, index]));
  const twice = header.find((name, index) => last.get(name) !== index);
  return twice === undefined ? null : `The column "${twice}" is there twice.`;
}

/** Our own CSV: one row for each variant. What is said once for a product may be repeated or left out in its other rows. */
export class OwnLayout implements CsvLayout {
  private readonly attributes: readonly Column[];
  private readonly options: readonly Column[];

  constructor(header: readonly string[]) {
    const columns = header.map((name, index) => ({ name, index }));
    this.attributes = columns.filter(({ name }) => name.startsWith(ATTRIBUTE));
    this.options = columns.filter(({ name }) => name.startsWith(OPTION));
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
      attributes: members(rows, 'attributes', this.attributes, ATTRIBUTE),
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
      options: members([row], 'options', this.options, OPTION),
    };
  }
}

/** @throws CellFault for what is no currency, or no decimal number of it */
export function amountOf({ line, cell }: NamedRow, name: string, currency: string): number {
  if (!isCurrency(currency)) {
    throw new CellFault(line, 'currency must be a currency code of ISO 4217 in upper case, such as EUR');
  }
  const amount = fromDecimal(cell(name), currency);
  if (amount === null) {
    throw new CellFault(
      line,
      `${name} must be a decimal number such as 19.99, and no finer than ${currency} goes`,
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
  columns: readonly Column[],
  prefix: string,
): object | undefined {
  const given = parsed(rows, name);
  const said = [...agreedCells(rows, columns)].map(
    ([column, value]) => [column.slice(prefix.length), value] as const,
  );
  if (given === undefined) {
    return said.length > 0 ? Object.fromEntries(said) : undefined;
  }
  if (!isJsonObject(given)) {
    throw new CellFault(rows[0]?.line ?? 1, `${name} must be a JSON object`);
  }
  return Object.fromEntries([...Object.entries(given), ...said]);
}

// By the rules of NDJSON: what nests too deep could be parsed, but not be written into a line again.
function parsed(rows: readonly NamedRow[], name: string): unknown {
  const text = agreed(rows, name);
  if (text === undefined) {
    return undefined;
  }
  try {
    return readJson(Buffer.from(text), name);
  } catch (error) {
    if (error instanceof Problem) {
      throw new CellFault(rows[0]?.line ?? 1, error.detail);
    }
    throw error;
  }
}
