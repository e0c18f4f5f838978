import type { TestApp } from './support/app.js';
import { type Importer, startForImports } from './support/importer.js';

let app: TestApp;
let token: string;
let imports: Importer;

beforeAll(async () => {
  ({ app, token, imports } = await startForImports());
});

afterAll(() => app.close());

let number = 0;
const unique = (): string => `real-${++number}`;
const price = (amount: unknown) => `{"amount":${JSON.stringify(amount)},"currency":"EUR"}`;
const variant = (sku: string, amount: unknown = 1) =>
  `{"sku":${JSON.stringify(sku)},"price":${price(amount)}}`;

/** A line with these members beside a slug; the others are there where they are not given. */
const line = (slug: string, members: string): string =>
  `{"slug":"${slug}"${members.includes('"title"') ? '' : ',"title":"T"'}${members.includes('"variants"') ? '' : ',"variants":[]'}${members && ','}${members}}`;

const KEPT: [what: string, members: string, stored: object][] = [
  [
    'names in any script',
    '"title":"漢字 العربية עברית हिन्दी Ελληνικά"',
    { title: '漢字 العربية עברית हिन्दी Ελληνικά' },
  ],
  [
    'names in any script wherever there are names',
    '"title":"Ŧ","brand":"漢字","categories":["العربية/עברית"],"attributes":{"हिन्दी":"日本語"},"variants":[{"sku":"Ελληνικά-1","title":"한국어","price":{"amount":1,"currency":"EUR"},"options":{"ไทย":"Кириллица"}}]',
    {
      title: 'Ŧ',
      brand: '漢字',
      categories: [{ path: 'العربية/עברית' }],
      attributes: { हिन्दी: '日本語' },
      variants: [{ sku: 'Ελληνικά-1', title: '한국어', options: { ไทย: 'Кириллица' } }],
    },
  ],
  ['characters of 4 bytes', '"title":"🐌𝒳"', { title: '🐌𝒳' }],
  ['a surrogate pair written as escapes', '"title":"\\ud83d\\udc0c"', { title: '🐌' }],
  [
    'a price of zero',
    '"variants":[{"sku":"ZERO","price":{"amount":0,"currency":"EUR"}}]',
    { variants: [{ price: { amount: 0 } }] },
  ],
  [
    'HTML, as text',
    '"description":"<script>alert(1)</script>&nbsp;<b>x"',
    { description: '<script>alert(1)</script>&nbsp;<b>x' },
  ],
  ['30,000 characters', `"description":"${'é'.repeat(30_000)}"`, { description: 'é'.repeat(30_000) }],
  [
    'control characters in a description',
    '"description":"a\\u0001\\u001f\\u007f\\tb"',
    { description: 'a\u0001\u001f\u007f\tb' },
  ],
  [
    'the highest price',
    '"variants":[{"sku":"HIGH","price":{"amount":1000000000000,"currency":"EUR"}}]',
    { variants: [{ price: { amount: 1_000_000_000_000 } }] },
  ],
  [
    'a whole number written as a float',
    '"variants":[{"sku":"FLOAT","price":{"amount":1.0e2,"currency":"EUR"}}]',
    { variants: [{ price: { amount: 100 } }] },
  ],
  [
    'a number of an attribute as a double',
    '"attributes":{"n":12345678901234567890}',
    { attributes: { n: 12345678901234567000 } },
  ],
  [
    'when it was published, to the millisecond',
    '"status":"published","publishedAt":"2020-02-29T23:59:59.123+02:00"',
    { publishedAt: '2020-02-29T21:59:59.123Z' },
  ],
  [
    'when a draft was published before',
    '"publishedAt":"2020-02-29T00:00:00Z"',
    { status: 'draft', publishedAt: '2020-02-29T00:00:00.000Z' },
  ],
  ['SQL', `"title":"'; DROP TABLE products; --"`, { title: "'; DROP TABLE products; --" }],
];

const REFUSED: [what: string, members: string, reason: RegExp][] = [
  ['a NUL', '"description":"a\\u0000b"', /holds a NUL character/],
  ['a NUL as a byte', '"description":"a\0b"', /not JSON that we accept/],
  ['half a surrogate pair', '"title":"\\ud83d"', /half a surrogate pair/],
  [
    '30,001 characters',
    `"description":"${'x'.repeat(30_001)}"`,
    /^\/description must be shorter than or equal to 30000/,
  ],
  [
    'control characters in a title',
    '"title":"a\\u0007"',
    /^\/title must not be blank or hold control characters/,
  ],
  ['a title of blanks', '"title":" \\u00a0\\u200b"', /^\/title must not be blank/],
  ['__proto__', '"__proto__":{"status":"published"}', /not JSON that we accept/],
  ['__proto__ in attributes', '"attributes":{"__proto__":{"x":1}}', /not JSON that we accept/],
  ['constructor', '"attributes":{"constructor":{"prototype":1}}', /not JSON that we accept/],
  ['toString', '"attributes":{"toString":"x"}', /a name that every object inherits/],
  ['a price as text', `"variants":[${variant('STRING', '1')}]`, /^\/variants\/0\/price\/amount must/],
  [
    'a price with a fraction',
    `"variants":[${variant('FRACTION', 1.5)}]`,
    /^\/variants\/0\/price\/amount must be an integer/,
  ],
  [
    'a price below zero',
    `"variants":[${variant('MINUS', -1)}]`,
    /^\/variants\/0\/price\/amount must not be less than 0/,
  ],
  [
    'a huge price',
    '"variants":[{"sku":"HUGE","price":{"amount":1e30,"currency":"EUR"}}]',
    /^\/variants\/0\/price\/amount must not be greater/,
  ],
  [
    'an endless price',
    '"variants":[{"sku":"ENDLESS","price":{"amount":1e999,"currency":"EUR"}}]',
    /^\/variants\/0\/price\/amount must/,
  ],
  ['a number that is no JSON', '"attributes":{"n":NaN}', /not JSON that we accept/],
  ['an endless attribute', '"attributes":{"n":1e999}', /^\/attributes\/n must be/],
  [
    'an SKU twice',
    `"variants":[${variant('TWICE')},${variant('TWICE')}]`,
    /^\/variants\/1\/sku is the SKU of another variant/,
  ],
  [
    '101 variants',
    `"variants":[${Array.from({ length: 101 }, (_, index) => variant(`MANY-${index}`)).join()}]`,
    /^\/variants must contain no more than 100/,
  ],
  ['an unknown field', '"id":"019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11"', /^\/id is not a known field/],
  ['a status of its own', '"status":"live"', /^\/status must be one of/],
  ...[
    '"2020-02-30T00:00:00Z"',
    '"2020-02-29"',
    '"0000-01-01T00:00:00Z"',
    '"today"',
    '1582934400',
    'null',
  ].map((when): [string, string, RegExp] => [
    `${when} as when it was published`,
    `"publishedAt":${when}`,
    /^\/publishedAt must be a time such as 2026-01-31T12:00:00Z/,
  ]),
  [
    'a time to come as when it was published',
    '"publishedAt":"2999-01-01T00:00:00Z"',
    /^\/publishedAt must not lie in the future$/,
  ],
  ['21 levels', `"attributes":{"a":${'['.repeat(21)}${']'.repeat(21)}}`, /nests deeper than 20 levels/],
  [
    'a picture that is no address',
    '"media":[{"url":"javascript:alert(1)"}]',
    /^\/media\/0\/url must be a URL/,
  ],
];

describe('an import of real data', () => {
  it.each(KEPT)('keeps %s as it is', async (_, members, stored) => {
    const slug = unique();

    const { id, result } = await imports.send(`${line(slug, members)}\n`);

    expect(await imports.errors(id)).toEqual([]);
    expect(result).toMatchObject({ created: 1, failed: 0 });
    expect((await app.get(`/v1/products/${slug}`, { token })).body).toMatchObject(stored);
  });

  it.each(REFUSED)(
    'refuses %s with line and reason, and writes nothing of the product',
    async (_, members, reason) => {
      const [slug, good] = [unique(), unique()];

      const { id, result } = await imports.send(`${line(good, '')}\n${line(slug, members)}\n`);

      expect(result).toMatchObject({ read: 2, created: 1, failed: 1 });
      expect(await imports.errors(id)).toEqual([{ line: 2, reason: expect.stringMatching(reason) }]);
      expect((await app.get(`/v1/products/${slug}`, { token })).status).toBe(404);
      expect((await app.get(`/v1/products/${good}`, { token })).status).toBe(200);
    },
  );

  it('takes a byte order mark, blank lines and both line ends, and counts lines as an editor does', async () => {
    const [one, two] = [unique(), unique()];

    const { id, result } = await imports.send(`\uFEFF${line(one, '')}\r\n\r\n  \n\t\nnull\n${line(two, '')}`);

    expect(result).toMatchObject({ read: 3, created: 2, failed: 1 });
    expect(await imports.errors(id)).toEqual([{ line: 5, reason: 'The line is not a JSON object.' }]);
  });

  it('reports a line that is not UTF-8, and one longer than 1 MiB', async () => {
    const [one, two] = [unique(), unique()];

    const { id, result } = await imports.send(
      Buffer.concat([
        Buffer.from(`${line(one, '')}\n`),
        Buffer.from('{"title":"Caf\xe9","variants":[]}\n', 'latin1'),
        Buffer.from(`{"title":"${'x'.repeat(1_048_576)}"}\n`),
        Buffer.from(line(two, '')),
      ]),
    );

    expect(result).toMatchObject({ read: 4, created: 2, failed: 2 });
    expect(await imports.errors(id)).toEqual([
      { line: 2, reason: 'The line is not UTF-8.' },
      { line: 3, reason: 'The line is longer than 1048576 bytes.' },
    ]);
  });

  it('lets others read and write meanwhile', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) =>
      line(unique(), `"variants":[${variant(`BUSY-${index}`)}]`),
    );
    const { body } = await imports.post(lines.join('\n'));
    const state = async () => (await app.get(`/v1/catalog/imports/${body.id}`, { token })).body;

    const written = await app.post('/v1/products', { title: 'Meanwhile' }, { token });
    const meanwhile = await state();

    expect(written.status).toBe(201);
    expect(meanwhile.status).not.toBe('completed');
    while ((await state()).finishedAt === null) {
      await app.get('/v1/products');
    }
    expect(await state()).toMatchObject({ created: 3000, failed: 0 });
  });
});
