import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
});

afterAll(() => app.close());

const UNKNOWN_ID = '019dd1a5-0c5c-7d0e-9f3a-000000000000';

function create(body: unknown) {
  return app.post('/v1/products', body, { token });
}

async function countProducts(): Promise<number> {
  const [row] = await app.database.query<{ count: string }[]>('SELECT count(*) FROM products');
  return Number(row?.count);
}

describe('POST /v1/products', () => {
  it('answers 201 with the product, its address and its ETag', async () => {
    const parent = await app.post('/v1/categories', { name: 'Sports' }, { token });
    const child = await app.post('/v1/categories', { name: 'Running', parentId: parent.body.id }, { token });

    const { status, headers, body } = await create({
      title: 'Trail Running Shoe',
      description: 'Light.',
      brand: 'Fjellbris',
      slug: 'trail-shoe',
      status: 'published',
      attributes: { color: ['blue', 'grey'], weight: 640.5, waterproof: true, sole: 'Grip "X"' },
      categories: ['Sports/Running'],
      variants: [
        {
          sku: 'TRS-42',
          title: '42',
          price: { amount: 1999, currency: 'EUR' },
          stock: 3,
          options: { size: '42' },
        },
        {
          sku: 'TRS-43',
          price: { amount: 1899, currency: 'EUR' },
          compareAtPrice: { amount: 2499, currency: 'EUR' },
        },
      ],
    });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/products/${body.id}`);
    expect(headers.get('etag')).toMatch(/^"1\.[\da-f]{12}"$/);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      slug: 'trail-shoe',
      title: 'Trail Running Shoe',
      description: 'Light.',
      brand: 'Fjellbris',
      status: 'published',
      attributes: { color: ['blue', 'grey'], weight: 640.5, waterproof: true, sole: 'Grip "X"' },
      categories: [{ id: child.body.id, slug: 'running', name: 'Running', path: 'Sports/Running' }],
      media: [],
      priceRange: { min: { amount: 1899, currency: 'EUR' }, max: { amount: 1999, currency: 'EUR' } },
      inStock: true,
      variants: [
        {
          id: expect.any(String),
          sku: 'TRS-42',
          title: '42',
          price: { amount: 1999, currency: 'EUR' },
          stock: 3,
          options: { size: '42' }, // prettier-ignore
        },
        {
          id: expect.any(String),
          sku: 'TRS-43',
          title: null,
          price: { amount: 1899, currency: 'EUR' },
          compareAtPrice: { amount: 2499, currency: 'EUR' },
          stock: 0,
          options: {}, // prettier-ignore
        },
      ],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: body.createdAt,
      publishedAt: body.createdAt,
    });
  });

  it('makes a draft without variants from a title alone', async () => {
    const { status, body } = await create({ title: 'Bare' });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      slug: 'bare',
      description: '',
      brand: null,
      status: 'draft',
      attributes: {},
      categories: [],
      priceRange: null,
      inStock: false,
      variants: [],
      publishedAt: null, // prettier-ignore
    });
  });

  it('takes the same category by id, slug and path once', async () => {
    const { body: category } = await app.post('/v1/categories', { name: 'Thrice' }, { token });

    const { body } = await create({
      title: 'In it',
      categories: ['Thrice', 'thrice', category.id, category.id.toUpperCase()],
    });

    expect(body.categories).toEqual([{ id: category.id, slug: 'thrice', name: 'Thrice', path: 'Thrice' }]);
  });

  it('makes a slug from the title, with a number where it is taken', async () => {
    const slugs = [];
    for (const title of ['Blå Kopp', 'Blå kopp!', 'Bla Kopp', 'カバン', 'Suggest', UNKNOWN_ID]) {
      slugs.push((await create({ title })).body.slug);
    }

    expect(slugs).toEqual([
      'bla-kopp',
      'bla-kopp-2',
      'bla-kopp-3',
      expect.stringMatching(/^product-[0-9a-f]{12}$/),
      'suggest-product',
      `item-${UNKNOWN_ID}`, // prettier-ignore
    ]);
  });

  it('refuses a slug that is taken, naming it', async () => {
    await create({ title: 'First', slug: 'only-one' });

    const { status, body } = await create({ title: 'Second', slug: 'only-one' });

    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'conflict',
      detail: 'The slug "only-one" is taken.',
      errors: [{ pointer: '/slug', detail: 'is taken' }],
    });
  });

  it('refuses SKUs that are taken, naming them, and writes nothing', async () => {
    const price = { amount: 1, currency: 'EUR' };
    await create({ title: 'First', variants: [{ sku: 'taken-1', price }, { sku: 'taken-2', price }] }); // prettier-ignore
    const before = await countProducts();

    const { status, body } = await create({
      title: 'Never there',
      variants: ['taken-2', 'free', 'taken-1'].map((sku) => ({ sku, price })),
    });

    expect(status).toBe(409);
    expect(body.detail).toBe('The SKUs "taken-1", "taken-2" are taken.');
    expect(await countProducts()).toBe(before);
    expect((await app.get('/v1/products/never-there', { token })).status).toBe(404);
  });

  const price = { amount: 1, currency: 'EUR' };
  const variant = { sku: 'bad', price };
  it.each<[string, unknown, string]>([
    ['no title', {}, '/title'],
    ['a null title', { title: null }, '/title'],
    ['a blank title', { title: ' \t\u200b\u00a0' }, '/title'],
    ['a title of two lines', { title: 'a\nb' }, '/title'],
    ['a title of 201 characters', { title: 'x'.repeat(201) }, '/title'],
    ['a title that is a number', { title: 5 }, '/title'],
    ['a long description', { title: 'x', description: 'x'.repeat(30_001) }, '/description'],
    ['a blank brand', { title: 'x', brand: ' ' }, '/brand'],
    ['a slug with capitals', { title: 'x', slug: 'Abc' }, '/slug'],
    ['a slug that looks like an id', { title: 'x', slug: UNKNOWN_ID }, '/slug'],
    ['a reserved slug', { title: 'x', slug: 'suggest' }, '/slug'],
    ['a null slug', { title: 'x', slug: null }, '/slug'],
    ['an unknown status', { title: 'x', status: 'gone' }, '/status'],
    ['an unknown field', { title: 'x', price: 5 }, '/price'],
    ['an id', { title: 'x', id: UNKNOWN_ID }, '/id'],
    ['attributes in a list', { title: 'x', attributes: [] }, '/attributes'],
    ['a null attribute', { title: 'x', attributes: { a: null } }, '/attributes/a'],
    ['an object as attribute', { title: 'x', attributes: { a: { b: 1 } } }, '/attributes/a'],
    ['a mixed list as attribute', { title: 'x', attributes: { a: ['b', 1] } }, '/attributes/a'],
    ['a long attribute', { title: 'x', attributes: { a: 'x'.repeat(501) } }, '/attributes/a'],
    ['an infinite attribute', '{"title":"x","attributes":{"a":1e999}}', '/attributes/a'],
    ['a nameless attribute', { title: 'x', attributes: { '': 1 } }, '/attributes/'],
    [
      'an attribute with a long name',
      { title: 'x', attributes: { ['x'.repeat(65)]: 1 } },
      `/attributes/${'x'.repeat(65)}`,
    ],
    [
      'an attribute with slashes in its name',
      { title: 'x', attributes: { 'a/b~c': null } },
      '/attributes/a~1b~0c',
    ],
    [
      '51 attributes',
      { title: 'x', attributes: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`a${n}`, n])) },
      '/attributes',
    ],
    ['categories as text', { title: 'x', categories: 'Sports' }, '/categories'],
    ['a category that is a number', { title: 'x', categories: [1] }, '/categories'],
    ['21 categories', { title: 'x', categories: Array.from({ length: 21 }, () => 'sports') }, '/categories'],
    ['an unknown category', { title: 'x', categories: ['Sports', 'Nowhere/At/All'] }, '/categories/1'],
    ['the id of no category', { title: 'x', categories: [UNKNOWN_ID] }, '/categories/0'],
    ['variants in an object', { title: 'x', variants: {} }, '/variants'],
    ['a null variant', { title: 'x', variants: [null] }, '/variants'],
    ['a variant in a list', { title: 'x', variants: [[variant]] }, '/variants'],
    ['a variant as text', { title: 'x', variants: ['bad'] }, '/variants'],
    [
      '101 variants',
      { title: 'x', variants: Array.from({ length: 101 }, (_, n) => ({ sku: `${n}`, price })) },
      '/variants',
    ],
    ['no SKU', { title: 'x', variants: [{ price }] }, '/variants/0/sku'],
    ['a blank SKU', { title: 'x', variants: [{ ...variant, sku: ' ' }] }, '/variants/0/sku'],
    [
      'a SKU with control characters',
      { title: 'x', variants: [{ ...variant, sku: 'a\u0007' }] },
      '/variants/0/sku',
    ],
    ['a long SKU', { title: 'x', variants: [{ ...variant, sku: 'x'.repeat(65) }] }, '/variants/0/sku'],
    ['the same SKU twice', { title: 'x', variants: [variant, variant] }, '/variants/1/sku'],
    ['no price', { title: 'x', variants: [{ sku: 'bad' }] }, '/variants/0/price'],
    ['a null price', { title: 'x', variants: [{ sku: 'bad', price: null }] }, '/variants/0/price'],
    ['a price in a list', { title: 'x', variants: [{ sku: 'bad', price: [price] }] }, '/variants/0/price'],
    [
      'a price without a currency',
      { title: 'x', variants: [{ sku: 'bad', price: 1999 }] },
      '/variants/0/price',
    ],
    [
      'a broken amount',
      { title: 'x', variants: [{ sku: 'bad', price: { ...price, amount: 1.5 } }] },
      '/variants/0/price/amount',
    ],
    [
      'an amount as text',
      { title: 'x', variants: [{ sku: 'bad', price: { ...price, amount: '1' } }] },
      '/variants/0/price/amount',
    ],
    [
      'an amount below zero',
      { title: 'x', variants: [{ sku: 'bad', price: { ...price, amount: -1 } }] },
      '/variants/0/price/amount',
    ],
    [
      'an amount above 10^12',
      { title: 'x', variants: [{ sku: 'bad', price: { ...price, amount: 1e12 + 1 } }] },
      '/variants/0/price/amount',
    ],
    [
      'a currency in lower case',
      { title: 'x', variants: [{ sku: 'bad', price: { amount: 1, currency: 'eur' } }] },
      '/variants/0/price/currency',
    ],
    [
      'no real currency',
      { title: 'x', variants: [{ sku: 'bad', price: { amount: 1, currency: 'ABC' } }] },
      '/variants/0/price/currency',
    ],
    [
      'two currencies',
      { title: 'x', variants: [variant, { sku: 'b', price: { amount: 1, currency: 'USD' } }] },
      '/variants/1/price/currency',
    ],
    [
      'another currency to compare at',
      { title: 'x', variants: [{ ...variant, compareAtPrice: { amount: 2, currency: 'USD' } }] },
      '/variants/0/compareAtPrice/currency',
    ],
    ['a stock below zero', { title: 'x', variants: [{ ...variant, stock: -1 }] }, '/variants/0/stock'],
    ['a null stock', { title: 'x', variants: [{ ...variant, stock: null }] }, '/variants/0/stock'],
    ['a stock above 10^9', { title: 'x', variants: [{ ...variant, stock: 1e9 + 1 }] }, '/variants/0/stock'],
    [
      'an option that is no text',
      { title: 'x', variants: [{ ...variant, options: { size: 42 } }] },
      '/variants/0/options/size',
    ],
    [
      'an option of 201 characters',
      { title: 'x', variants: [{ ...variant, options: { size: '😀'.repeat(201) } }] },
      '/variants/0/options/size',
    ],
    ['options in a list', { title: 'x', variants: [{ ...variant, options: [] }] }, '/variants/0/options'],
    [
      '11 options',
      {
        title: 'x',
        variants: [
          { ...variant, options: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [n, 'x'])) },
        ],
      },
      '/variants/0/options',
    ],
    [
      'an unknown field of a variant',
      { title: 'x', variants: [{ ...variant, id: UNKNOWN_ID }] },
      '/variants/0/id',
    ],
    ['a list', [], ''],
    ['no body', undefined, '/title'],
  ])('refuses %s with 422, pointing at it, and writes nothing', async (_, sent, pointer) => {
    const before = await countProducts();

    const { status, body } = await create(sent);

    expect(status).toBe(422);
    expect(body.code).toBe('validation-failed');
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect(await countProducts()).toBe(before);
  });

  it.each([
    [{ title: 'x', variants: [{ sku: 'bad', price: { amount: 1, currency: 'ABC' } }] }, '/variants/0/price/currency', 'must be a currency code of ISO 4217 in upper case, such as EUR'],
    [{ title: 'x', categories: ['a', 5] }, '/categories', 'each value must be a string'],
    [{ title: 5 }, '/title', 'must be a string; must be shorter than or equal to 200 characters; must not be blank or hold control characters'],
  ])('says what is wrong with %j in the words of its rule', async (sent, pointer, detail) => {
    const { body } = await create(sent);

    expect(body.errors).toEqual([{ pointer, detail }]);
  }); // prettier-ignore

  it('takes everything at its limit', async () => {
    const name = (n: number) => `${n}`.padEnd(64, 'x');
    const { status, body } = await create({
      title: '😀'.repeat(200),
      description: 'x'.repeat(30_000),
      brand: 'x'.repeat(100),
      slug: 's'.repeat(200),
      attributes: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [name(n), '😀'.repeat(500)])),
      variants: Array.from({ length: 100 }, (_, n) => ({
        sku: `limit-${n}`.padEnd(64, 'x'),
        title: 'x'.repeat(200),
        price: { amount: 1e12, currency: 'JPY' },
        compareAtPrice: { amount: 1e12, currency: 'JPY' },
        stock: 1e9,
        options: Object.fromEntries(
          Array.from({ length: 10 }, (_option, o) => [name(o), (n === 0 ? '😀' : 'x').repeat(200)]),
        ),
      })),
    });

    expect(status).toBe(201);
    expect(body.title).toBe('😀'.repeat(200));
    expect(body.variants).toHaveLength(100);
    expect(body.variants[99]).toMatchObject({ price: { amount: 1e12, currency: 'JPY' }, stock: 1e9 });
  });

  it.each([
    '{"title":',
    '{"title":"x","__proto__":{"slug":"y"}}',
    '{"title":"a\\u0000b"}',
    '{"title":"\\ud800"}',
  ])('refuses %s with 400', async (sent) => {
    expect(await create(sent)).toMatchObject({ status: 400, body: { code: 'bad-request' } });
  });

  it('refuses a body that is not JSON with 415', async () => {
    const answer = await app.post('/v1/products', 'title=x', {
      token,
      headers: { 'content-type': 'text/plain' },
    });

    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
  });

  it('stores text that looks like SQL or JSON as text', async () => {
    const title = `'); DROP TABLE products; -- "}, {"x": "\\`;

    const { body } = await create({ title, attributes: { [title]: title }, status: 'published' });

    expect((await app.get(`/v1/products/${body.id}`)).body).toMatchObject({
      title,
      attributes: { [title]: title },
    });
  });
});

describe('GET /v1/products/{idOrSlug}', () => {
  it('answers by id and by slug with the same text', async () => {
    const made = await create({ title: 'Readable', status: 'published' });
    const { body, text } = made;

    const byId = await app.get(`/v1/products/${body.id}`);
    const byUpperCaseId = await app.get(`/v1/products/${body.id.toUpperCase()}`);
    const bySlug = await app.get('/v1/products/readable');

    expect([byId.status, byUpperCaseId.status, bySlug.status]).toEqual([200, 200, 200]);
    expect([byId.text, byUpperCaseId.text, bySlug.text]).toEqual([text, text, text]);
    const tags = [byId, byUpperCaseId, bySlug].map(({ headers }) => headers.get('etag'));
    expect(new Set(tags)).toEqual(new Set([made.headers.get('etag')]));
    expect(bySlug.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('answers HEAD like GET, without the body', async () => {
    await create({ title: 'Headed', status: 'published' });

    const { status, headers, text } = await app.send('HEAD', '/v1/products/headed');

    expect({ status, etag: headers.get('etag'), text }).toEqual({
      status: 200,
      etag: (await app.get('/v1/products/headed')).headers.get('etag'),
      text: '',
    });
  });

  it.each(['draft', 'archived'])('shows a product that is %s to editors only', async (status) => {
    const { body } = await create({ title: `Hidden ${status}`, status });
    const path = `/v1/products/${body.id}`;

    expect((await app.get(path)).status).toBe(404);
    expect((await app.get(`/v1/products/${body.slug}`)).status).toBe(404);
    expect((await app.get(path, { token: await app.signIn('customer') })).status).toBe(404);
    expect((await app.get(path, { token })).status).toBe(200);
    expect((await app.get(path, { token: await app.signIn('admin') })).status).toBe(200);
  });

  it.each([
    UNKNOWN_ID,
    'no-such-slug',
    'UPPER',
    '%00',
    '%',
    'a%2Fb',
    "x'--",
    '..%2f..',
    'x'.repeat(300),
    '%F0%9F%98%80', // prettier-ignore
  ])('answers 404 or 400 to %s', async (part) => {
    const { status, body } = await app.get(`/v1/products/${part}`);

    expect({ status, code: body.code }).toEqual(
      part === '%' ? { status: 400, code: 'bad-request' } : { status: 404, code: 'not-found' },
    );
  });

  it('refuses a bad token, although none is needed', async () => {
    await create({ title: 'With token', status: 'published' });

    expect((await app.get('/v1/products/with-token', { token: 'nonsense' })).status).toBe(401);
  });

  it('RFC 9110 13.1.2: answers 304 without a body to an ETag that is still good', async () => {
    const made = await create({ title: 'Cached', status: 'published' });
    const good = made.headers.get('etag') ?? '';
    const read = (tag: string) => app.get('/v1/products/cached', { headers: { 'if-none-match': tag } });

    for (const tag of [good, `W/${good}`, `"0", ${good}`, '*']) {
      const { status, text, headers } = await read(tag);
      expect({ tag, status, text, etag: headers.get('etag') }).toEqual({
        tag,
        status: 304,
        text: '',
        etag: good,
      });
      expect(headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
      expect(headers.get('vary')).toMatch(/\bAuthorization\b/);
    }
    for (const tag of ['"1"', good.replace('"1.', '"2.')]) {
      expect((await read(tag)).status).toBe(200);
    }
  });

  it('lets guests keep an answer to revalidate it, and nobody one that a token got', async () => {
    await create({ title: 'Kept', status: 'published' });

    const asGuest = await app.get('/v1/products/kept', { headers: { origin: 'https://shop.example' } });
    const asEditor = await app.get('/v1/products/kept', { token });

    expect(asGuest.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    expect(asEditor.headers.get('cache-control')).toBe('no-store');
    expect(asGuest.headers.get('vary')).toMatch(/\bAuthorization\b/);
    expect(asEditor.headers.get('vary')).toMatch(/\bAuthorization\b/);
  });
});
