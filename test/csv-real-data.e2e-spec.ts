import type { TestApp } from './support/app.js';
import { type Importer, startForImports } from './support/importer.js';

let app: TestApp;
let token: string;
let imports: Importer;

beforeAll(async () => {
  ({ app, token, imports } = await startForImports());
});

afterAll(() => app.close());

type Row = Readonly<Record<string, string>>;

let number = 0;
const unique = (): string => `csv-real-${++number}`;
const NAMES = '漢字 العربية עברית हिन्दी Ελληνικά';

/** A file with these rows, every cell in quotes; a title is there where none is given. */
function fileOf(...rows: Row[]): string {
  const columns = [...new Set(['title', ...rows.flatMap((row) => Object.keys(row))])];
  const cells = (row: Row) =>
    columns.map((name) => `"${(row[name] ?? (name === 'title' ? 'T' : '')).replaceAll('"', '""')}"`);
  return [columns, ...rows.map(cells)].map((line) => line.join(',')).join('\r\n');
}

const KEPT: [what: string, row: Row, stored: object][] = [
  [
    'names in any script',
    { title: NAMES, brand: NAMES, categories: `${NAMES}/${NAMES}`, sku: `${NAMES}-1`, price: '1', variantTitle: NAMES, [`attribute:${NAMES}`]: NAMES, [`option:${NAMES}`]: NAMES }, // prettier-ignore
    {
      title: NAMES,
      brand: NAMES,
      categories: [{ path: `${NAMES}/${NAMES}` }],
      attributes: { [NAMES]: NAMES },
      variants: [{ sku: `${NAMES}-1`, title: NAMES, options: { [NAMES]: NAMES } }],
    },
  ],
  ['characters of 4 bytes', { title: '🐌𝒳' }, { title: '🐌𝒳' }],
  ['a price of zero', { sku: 'CSV-ZERO', price: '0' }, { variants: [{ price: { amount: 0 } }] }],
  ['a price of zero with its fraction', { sku: 'CSV-ZERO-2', price: '0.00' }, { variants: [{ price: { amount: 0 } }] }], // prettier-ignore
  [
    'HTML, as text',
    { description: '<script>alert("1")</script>&nbsp;<b>x' },
    { description: '<script>alert("1")</script>&nbsp;<b>x' },
  ],
  ['30,000 characters', { description: 'é'.repeat(30_000) }, { description: 'é'.repeat(30_000) }],
  [
    'control characters in a description',
    { description: 'a\u0001\u001f\u007f\tb\r\nc' },
    { description: 'a\u0001\u001f\u007f\tb\r\nc' },
  ],
  [
    'the highest price',
    { sku: 'CSV-HIGH', price: '10000000000.00' },
    { variants: [{ price: { amount: 1_000_000_000_000 } }] },
  ],
  ['SQL', { title: "'; DROP TABLE products; --" }, { title: "'; DROP TABLE products; --" }],
];

const REFUSED: [what: string, row: Row, reason: RegExp][] = [
  ['a NUL', { description: 'a\0b' }, /holds a NUL character/],
  ['half a surrogate pair in JSON', { attributes: '{"a":"\\ud83d"}' }, /half a surrogate pair/],
  ['30,001 characters', { description: 'x'.repeat(30_001) }, /^\/description must be shorter than or equal/],
  ['control characters in a title', { title: 'a\u0007' }, /^\/title must not be blank or hold control/],
  ['a title of blanks', { title: ' \u00a0\u200b' }, /^\/title must not be blank/],
  ['__proto__ in attributes', { attributes: '{"__proto__":{"x":1}}' }, /not JSON that we accept/],
  ['toString as an attribute', { 'attribute:toString': 'x' }, /a name that every object inherits/],
  ['a price below zero', { sku: 'CSV-MINUS', price: '-1' }, /^price must be a decimal number/],
  ['a huge price', { sku: 'CSV-HUGE', price: '1e30' }, /^price must be a decimal number/],
  ['a price over the highest', { sku: 'CSV-OVER', price: '10000000000.01' }, /amount must not be greater/],
  ['a status of its own', { status: 'live' }, /^\/status must be one of/],
  ['a picture that is no address', { media: '[{"url":"javascript:alert(1)"}]' }, /^\/media\/0\/url must be a URL/], // prettier-ignore
];

describe('a CSV file of real data', () => {
  it.each(KEPT)('keeps %s as it is', async (_, row, stored) => {
    const slug = unique();

    const { id, result } = await imports.send(fileOf({ slug, ...row }), 'text/csv');

    expect(await imports.errors(id)).toEqual([]);
    expect(result).toMatchObject({ created: 1, failed: 0 });
    expect((await app.get(`/v1/products/${slug}`, { token })).body).toMatchObject(stored);
  });

  it.each(REFUSED)(
    'refuses %s with line and reason, and writes nothing of the product',
    async (_, row, reason) => {
      const [slug, good] = [unique(), unique()];

      const { id, result } = await imports.send(fileOf({ slug: good }, { slug, ...row }), 'text/csv');

      expect(result).toMatchObject({ read: 2, created: 1, failed: 1 });
      expect(await imports.errors(id)).toEqual([{ line: 3, reason: expect.stringMatching(reason) }]);
      expect((await app.get(`/v1/products/${slug}`, { token })).status).toBe(404);
      expect((await app.get(`/v1/products/${good}`, { token })).status).toBe(200);
    },
  );

  it('finds the product of an SKU that the catalog has, and refuses it for two products', async () => {
    const price = '1';
    await imports.send(
      fileOf({ slug: 'csv-one', sku: 'CSV-1', price }, { slug: 'csv-two', sku: 'CSV-2', price }),
      'text/csv',
    );

    const { id, result } = await imports.send(
      fileOf(
        { slug: 'csv-first', title: 'First', sku: 'CSV-1', price },
        { slug: 'csv-both', sku: 'CSV-1', price },
        { slug: 'csv-both', sku: 'CSV-2', price },
        { slug: 'csv-two', sku: 'CSV-3', price },
        { slug: 'csv-three', sku: 'CSV-3', price },
        { slug: 'csv-same', sku: 'CSV-4', price },
        { slug: 'csv-same', sku: 'CSV-4', price },
      ),
      'text/csv',
    );

    expect(result).toMatchObject({ read: 5, created: 0, updated: 2, failed: 3 });
    expect(await imports.errors(id)).toEqual([
      { line: 3, reason: 'The SKU "CSV-1" is on line 2 already.' },
      { line: 6, reason: 'The SKU "CSV-3" is on line 5 already.' },
      { line: 7, reason: '/variants/1/sku is the SKU of another variant in this list' },
    ]);
    const status = async (slug: string) => (await app.get(`/v1/products/${slug}`, { token })).status;
    expect((await app.get('/v1/products/csv-first', { token })).body).toMatchObject({ title: 'First' });
    expect(await Promise.all(['csv-both', 'csv-three', 'csv-same'].map(status))).toEqual([404, 404, 404]);
  });
});
