import { readDepartment } from './read-department.js';
import { readProductLine } from './read-product-line.js';
import {
  type SampleCatalog,
  type SampleCategory,
  type SampleProduct,
  type SampleVariant,
  sampleCatalog,
} from './sample-catalog.js';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const BEFORE = '2026-11-01T00:00:00.000Z';

const catalog: SampleCatalog = sampleCatalog();
const { categories, products } = catalog;
const variants: SampleVariant[] = products.flatMap((product) => product.variants);

function sentencesOf({ description }: SampleProduct): string[] {
  return description.split(/(?<=[.?!]) /);
}

function productsIn({ slug }: SampleCategory): SampleProduct[] {
  return products.filter(({ categorySlugs }) => categorySlugs.includes(slug));
}

/** Those that occur more than so often. */
function repeated(texts: readonly string[], times = 1): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > times).map(([text]) => text);
}

describe('sampleCatalog', () => {
  it('is the same at every call', () => {
    expect(sampleCatalog()).toEqual(catalog);
  });

  it('is as large as promised', () => {
    expect(categories).toHaveLength(60);
    expect(products.length).toBeGreaterThanOrEqual(480);
    expect(products.length).toBeLessThanOrEqual(520);
    expect(variants.length).toBeLessThanOrEqual(1400);
  });

  it('has drafts, archived products, offers and things that are sold out', () => {
    expect(products.filter(({ status }) => status === 'draft')).toHaveLength(10);
    expect(products.filter(({ status }) => status === 'archived')).toHaveLength(5);
    expect(variants.some(({ compareAtPrice }) => compareAtPrice !== null)).toBe(true);
    expect(products.some((product) => product.variants.every(({ stock }) => stock === 0))).toBe(true);
  });
});

describe('the categories of the sample', () => {
  it('come after their parents, one slug each', () => {
    const slugs = categories.map(({ slug }) => slug);
    const orphans = categories.filter(
      ({ parentSlug }, index) => parentSlug !== null && !slugs.slice(0, index).includes(parentSlug),
    );

    expect(orphans).toEqual([]);
    expect(repeated(slugs)).toEqual([]);
    expect(slugs.filter((slug) => !SLUG.test(slug))).toEqual([]);
  });

  it('have no slash in their names, which become paths', () => {
    expect(categories.filter(({ name }) => name.includes('/'))).toEqual([]);
  });

  it('have positions that differ among siblings', () => {
    expect(repeated(categories.map(({ parentSlug, position }) => `${parentSlug} ${position}`))).toEqual([]);
  });

  it('hold at least four products where they have no children', () => {
    const parents = new Set(categories.map(({ parentSlug }) => parentSlug));
    const leaves = categories.filter(({ slug }) => !parents.has(slug));

    expect(leaves.filter((leaf) => productsIn(leaf).length < 4)).toEqual([]);
  });
});

describe('the products of the sample', () => {
  it('have slugs, titles and descriptions of their own', () => {
    expect(repeated(products.map(({ slug }) => slug))).toEqual([]);
    expect(repeated(products.map(({ title }) => title))).toEqual([]);
    expect(repeated(products.map(({ description }) => description))).toEqual([]);
    expect(products.filter(({ slug, title }) => !SLUG.test(slug) || title.length > 200)).toEqual([]);
  });

  it('are described in two to four sentences that hardly ever recur', () => {
    const odd = products.filter(
      (product) => sentencesOf(product).length < 2 || sentencesOf(product).length > 4,
    );

    expect(odd).toEqual([]);
    expect(repeated(products.flatMap(sentencesOf), 3)).toEqual([]);
  });

  it('belong to categories that exist', () => {
    const known = new Set(categories.map(({ slug }) => slug));

    expect(products.filter(({ categorySlugs }) => categorySlugs.length === 0)).toEqual([]);
    expect(products.flatMap(({ categorySlugs }) => categorySlugs).filter((slug) => !known.has(slug))).toEqual(
      [],
    );
  });

  it('have attributes of one kind under one name', () => {
    const kinds = new Map<string, string>();
    for (const [name, value] of products.flatMap(({ attributes }) => Object.entries(attributes))) {
      kinds.set(`${name} ${Array.isArray(value) ? 'list' : typeof value}`, name);
    }

    expect(repeated([...kinds.values()])).toEqual([]);
  });

  it('were published after they were made, all but the drafts, in the two years before November 2026', () => {
    const wrong = products.filter(({ status, createdAt, publishedAt }) =>
      publishedAt === null ? status !== 'draft' : status === 'draft' || publishedAt <= createdAt,
    );

    expect(wrong).toEqual([]);
    expect(products.filter(({ createdAt }) => createdAt < '2024-11-01' || createdAt >= BEFORE)).toEqual([]);
    expect(products.filter(({ publishedAt }) => publishedAt !== null && publishedAt >= BEFORE)).toEqual([]);
  });
});

describe('the variants of the sample', () => {
  it('are one to eight a product', () => {
    expect(products.filter((product) => product.variants.length < 1 || product.variants.length > 8)).toEqual(
      [],
    );
  });

  it('have SKUs of their own, of capital letters, digits and hyphens', () => {
    expect(repeated(variants.map(({ sku }) => sku))).toEqual([]);
    expect(variants.filter(({ sku }) => !/^[A-Z0-9-]{1,40}$/.test(sku))).toEqual([]);
  });

  it('cost whole cents, and less than before where they are on offer', () => {
    const wrong = variants.filter(
      ({ price, compareAtPrice }) =>
        !Number.isInteger(price) || price <= 0 || (compareAtPrice !== null && compareAtPrice <= price),
    );

    expect(wrong).toEqual([]);
  });

  it('have a stock that is no less than nothing', () => {
    expect(variants.filter(({ stock }) => !Number.isInteger(stock) || stock < 0)).toEqual([]);
  });
});

describe('the tables of the sample', () => {
  it('are read line by line', () => {
    const line =
      '(draft) Felt Cave | Katzenbank | 59.90 was 69.90 | color: Grey, Rust +10; size: S | ages=[kitten, adult]; washable=no; weight=980; +Dogs | Soft.';

    expect(readProductLine(line, 'cats')).toEqual({
      title: 'Felt Cave',
      status: 'draft',
      brand: 'Katzenbank',
      price: 5990,
      formerPrice: 6990,
      choices: [
        {
          name: 'color',
          values: [
            { value: 'Grey', surcharge: 0 },
            { value: 'Rust', surcharge: 1000 },
          ],
        },
        { name: 'size', values: [{ value: 'S', surcharge: 0 }] },
      ],
      attributes: { ages: ['kitten', 'adult'], washable: false, weight: 980 },
      categorySlugs: ['cats', 'dogs'],
      text: 'Soft.',
    });
  });

  it('are refused with the line that cannot be read', () => {
    expect(() => readProductLine('Felt Cave | Katzenbank | cheap', 'cats')).toThrow('Felt Cave');
    expect(() => readDepartment('Pets without a description', 0)).toThrow('Pets without a description');
  });
});
