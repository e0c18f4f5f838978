import { slugFrom } from '../../catalog/slug.js';
import { factsSentence } from './facts-sentence.js';
import { hash } from './hash.js';
import type { Choice, ProductLine } from './read-product-line.js';
import type { SampleAttributes, SampleProduct, SampleVariant } from './shapes.js';

interface Combination {
  readonly options: Readonly<Record<string, string>>;
  readonly surcharge: number;
}

const DAY = 24 * 60 * 60 * 1000;
const FIRST_DAY = Date.UTC(2024, 10, 1);

/** When products of a status were made: the first day, counted from 1 November 2024, and how many days from then on. */
const MADE = { published: [0, 714], archived: [0, 200], draft: [660, 65] } as const;

// Words that say nothing in a SKU.
const FILLERS: ReadonlySet<string> = new Set(['and', 'for', 'in', 'of', 'on', 'over', 'the', 'to', 'with']);

/** The product of a line: with slug, variants, dates, and a sentence more of description where there is one. */
export function expandProduct(line: ProductLine): SampleProduct {
  const slug = slugFrom(line.title);
  const facts = factsSentence(line);
  return {
    slug,
    title: line.title,
    description: facts === null ? line.text : `${line.text} ${facts}`,
    brand: line.brand,
    status: line.status,
    attributes: withColors(line),
    categorySlugs: line.categorySlugs,
    variants: variantsOf(line),
    ...datesOf(slug, line.status),
  };
}

function withColors({ attributes, choices }: ProductLine): SampleAttributes {
  const colors = choices.find(({ name }) => name === 'color');
  return colors === undefined
    ? attributes
    : { color: colors.values.map(({ value }) => value), ...attributes };
}

function variantsOf(line: ProductLine): SampleVariant[] {
  return combinationsOf(line.choices).map(({ options, surcharge }) => {
    const price = line.price + surcharge;
    const sku = skuOf(line, Object.values(options));
    return {
      sku,
      title: Object.values(options).join(', ') || line.title,
      price,
      compareAtPrice: line.formerPrice === null ? null : line.formerPrice + surcharge,
      stock: line.status === 'archived' ? 0 : stockOf(sku, price),
      options,
    };
  });
}

function combinationsOf(choices: readonly Choice[]): Combination[] {
  return choices.reduce<Combination[]>(
    (combinations, { name, values }) =>
      combinations.flatMap(({ options, surcharge }) =>
        values.map((entry) => ({
          options: { ...options, [name]: entry.value },
          surcharge: surcharge + entry.surcharge,
        })),
      ),
    [{ options: {}, surcharge: 0 }],
  );
}

// KATZ-FELCATCAV-GREY: four letters of the brand, three of each of the first four words, and the options.
function skuOf({ brand, title }: ProductLine, values: readonly string[]): string {
  const words = slugFrom(title)
    .split('-')
    .filter((word) => !FILLERS.has(word));
  return [
    slugFrom(brand).replaceAll('-', '').slice(0, 4),
    abbreviated(words.slice(0, 4)),
    ...values.map(optionCode),
  ]
    .join('-')
    .toUpperCase();
}

// "Forest" becomes FOREST, "Racing Green" RACGRE, "1.5 l" 1-5L, "60 × 40 cm" 60X40CM.
function optionCode(value: string): string {
  const compact = slugFrom(value.replaceAll(' × ', 'x').replace(/(?<=\d) (?=[a-z])/gi, ''));
  return /^\d|^[^-]*$/.test(compact) ? compact.slice(0, 10) : abbreviated(compact.split('-'));
}

function abbreviated(words: readonly string[]): string {
  return words.map((word) => (/^\d/.test(word) ? word : word.slice(0, 3))).join('');
}

// About one variant in twenty is sold out; what costs more is kept in smaller numbers.
function stockOf(sku: string, price: number): number {
  const number = hash(sku);
  if (number % 19 === 0) {
    return 0;
  }
  const most = price < 3_000 ? 180 : price < 10_000 ? 70 : price < 50_000 ? 25 : 8;
  return 1 + ((number >>> 8) % most);
}

function datesOf(
  slug: string,
  status: SampleProduct['status'],
): Pick<SampleProduct, 'createdAt' | 'publishedAt'> {
  const [first, days] = MADE[status];
  const day = first + (hash(`${slug} made`) % days);
  const daysUntilPublished = 1 + (hash(`${slug} published`) % 14);
  return {
    createdAt: workingHour(day, `${slug} made at`),
    publishedAt: status === 'draft' ? null : workingHour(day + daysUntilPublished, `${slug} published at`),
  };
}

// From seven to five o'clock, UTC.
function workingHour(day: number, seed: string): string {
  const seconds = 7 * 3600 + (hash(seed) % (10 * 3600));
  return new Date(FIRST_DAY + day * DAY + seconds * 1000).toISOString();
}
