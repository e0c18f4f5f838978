import { slugFrom } from '../../catalog/slug.js';
import type { SampleAttributes, SampleProduct } from './shapes.js';

/** Something a buyer chooses, such as a colour; a value can cost more, in cents. */
export interface Choice {
  readonly name: string;
  readonly values: readonly { readonly value: string; readonly surcharge: number }[];
}

/** What one line of a table says of a product; prices in cents. */
export interface ProductLine {
  readonly title: string;
  readonly status: SampleProduct['status'];
  readonly brand: string;
  readonly price: number;
  readonly formerPrice: number | null;
  readonly choices: readonly Choice[];
  readonly attributes: SampleAttributes;
  readonly categorySlugs: readonly string[];
  readonly text: string;
}

const LINE = new RegExp(
  [
    /^(?:\((?<status>draft|archived)\) )?(?<title>[^|]+)/, // (draft) Felt Cat Cave
    /(?<brand>[^|]+)/, // Katzenbank
    /(?<price>\d+\.\d\d)(?: was (?<formerPrice>\d+\.\d\d))?/, // 59.90 was 69.90
    /(?:-|(?<choices>[^|]+))/, // color: Grey, Rust; size: S, L +10
    /(?<attributes>[^|]+)/, // material=wool felt; weight=980; washable=no; ages=[adult, kitten]; +Another category
    /(?<text>[^|]+)$/, // Felted in one piece without a seam.
  ]
    .map(({ source }) => source)
    .join(' \\| '),
);

/** Reads the line of a product in a category. @throws Error that quotes a line that cannot be read */
export function readProductLine(line: string, categorySlug: string): ProductLine {
  const { title, brand, price, text, attributes, ...optional } = LINE.exec(line)?.groups ?? {};
  if (!title || !brand || !price || !text || !attributes) {
    throw new Error(`This line of the sample catalog is no product: ${line}`);
  }
  const parts = attributes.split('; ');
  return {
    title,
    status: optional.status === 'draft' || optional.status === 'archived' ? optional.status : 'published',
    brand,
    price: cents(price),
    formerPrice: optional.formerPrice === undefined ? null : cents(optional.formerPrice),
    choices: optional.choices?.split('; ').map(readChoice) ?? [],
    attributes: Object.fromEntries(parts.filter((part) => !isCategory(part)).map(readAttribute)),
    categorySlugs: [categorySlug, ...parts.filter(isCategory).map(slugFrom)],
    text,
  };
}

function isCategory(part: string): boolean {
  return part.startsWith('+');
}

function cents(amount: string): number {
  return Math.round(Number(amount) * 100);
}

function readChoice(choice: string): Choice {
  const [name = '', values = ''] = choice.split(': ');
  return {
    name,
    values: values.split(', ').map((entry) => {
      const [value = '', surcharge = '0'] = entry.split(' +');
      return { value, surcharge: cents(surcharge) };
    }),
  };
}

function readAttribute(attribute: string): [string, SampleAttributes[string]] {
  const [name = '', value = ''] = attribute.split('=');
  if (value.startsWith('[')) {
    return [name, value.slice(1, -1).split(', ')];
  }
  if (value === 'yes' || value === 'no') {
    return [name, value === 'yes'];
  }
  return [name, /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value];
}
