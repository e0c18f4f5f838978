import { startTestApp, type TestApp } from './support/app.js';
import { type SampleProduct, fillShop } from './support/shop.js';
import { forgeCursor, readCursor } from './support/cursor.js';

const SAMPLES: readonly SampleProduct[] = [
  { title: 'Red Rain Jacket', brand: 'Alba', categories: ['jackets'], attributes: { color: 'red', sizes: ['S', 'M'], waterproof: true }, price: 9000, stock: 1 },
  { title: 'Blue Rain Jacket', brand: 'Bora', categories: ['jackets'], attributes: { color: 'blue', sizes: ['M'], waterproof: true }, price: 8000, stock: 0 },
  { title: 'Wool Jacket', brand: 'Bora', categories: ['jackets'], attributes: { color: 'red', waterproof: false, weight: 800 }, price: 12_000, stock: 3 },
  { title: 'Umbrella', brand: 'Alba', categories: ['clothes'], attributes: { color: ['red', 'blue'] }, price: 2000, stock: 9 },
  { title: 'Lamp', brand: null, categories: ['home'], attributes: { color: 'white' }, price: 400, stock: 1, description: 'A jacket of glass around a light.' },
  { title: 'Hidden Jacket', brand: 'Alba', categories: ['jackets'], attributes: { color: 'red' }, price: 1, stock: 1, status: 'draft' },
]; // prettier-ignore

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
  await fillShop(app, token, ['Home'], SAMPLES);
});

afterAll(() => app.close());

async function titles(query: string, sending = {}): Promise<string[]> {
  const { status, body } = await app.get(`/v1/products?${query}`, sending);
  expect(status).toBe(200);
  return body.items.map(({ title }: { title: string }) => title);
}

describe('GET /v1/products?q=', () => {
  it.each([
    ['q=jacket', ['Wool Jacket', 'Blue Rain Jacket', 'Red Rain Jacket', 'Lamp']],
    ['q=jackets+RAIN', ['Blue Rain Jacket', 'Red Rain Jacket']],
    ['q=jakcet', ['Wool Jacket', 'Blue Rain Jacket', 'Red Rain Jacket', 'Lamp']],
    ['q=bora', ['Wool Jacket', 'Blue Rain Jacket']],
    ['q=waterproof', ['Blue Rain Jacket', 'Red Rain Jacket']],
    ['q=SKU-RED.RAIN.JACKET', ['Red Rain Jacket']],
    ['q=glass', ['Lamp']],
    ['q=xylophone', []],
    ['q=%F0%9F%8E%A7', []],
    ['q=%20', []],
    ['q=jacket&sort=price', ['Lamp', 'Blue Rain Jacket', 'Red Rain Jacket', 'Wool Jacket']],
    ['q=jacket&sort=-price', ['Wool Jacket', 'Red Rain Jacket', 'Blue Rain Jacket', 'Lamp']],
    ['q=jacket&sort=title', ['Blue Rain Jacket', 'Lamp', 'Red Rain Jacket', 'Wool Jacket']],
    ['q=jacket&sort=newest', ['Lamp', 'Wool Jacket', 'Blue Rain Jacket', 'Red Rain Jacket']],
    ['q=jacket&brand=Alba', ['Red Rain Jacket']],
    ['q=jacket&category=home', ['Lamp']],
    ['q=jacket&inStock=true&maxPrice=9000', ['Red Rain Jacket', 'Lamp']],
    ['q=rain&brand=Nobody', []],
    ['attributes[color]=red', ['Umbrella', 'Wool Jacket', 'Red Rain Jacket']],
    ['attributes%5Bcolor%5D=blue', ['Umbrella', 'Blue Rain Jacket']],
    ['attributes[color]=blue&attributes[color]=white', ['Lamp', 'Umbrella', 'Blue Rain Jacket']],
    ['attributes[color]=red&attributes[sizes]=M', ['Red Rain Jacket']],
    ['attributes[color][]=blue&attributes[color][]=white', ['Lamp', 'Umbrella', 'Blue Rain Jacket']],
    ['attributes%5Bcolor%5D%5B%5D=blue', ['Umbrella', 'Blue Rain Jacket']],
    ['attributes[color][0]=blue&attributes[color][1]=white', ['Lamp', 'Umbrella', 'Blue Rain Jacket']],
    ['attributes[color]=blue&attributes[color][]=white', ['Lamp', 'Umbrella', 'Blue Rain Jacket']],
    ['attributes[color][]=red&attributes[sizes][]=M', ['Red Rain Jacket']],
    ['attributes[waterproof]=true', ['Blue Rain Jacket', 'Red Rain Jacket']],
    ['attributes[weight]=800', ['Wool Jacket']],
    ['attributes[color]=Red', []],
    ['attributes[__proto__]=x', []],
    ['attributes[color]=red&q=umbrella', ['Umbrella']],
  ])('%s lists the right products, in one page and in many', async (query, expected) => {
    expect(await titles(query)).toEqual(expected);

    const walked: string[] = [];
    let cursor = '';
    do {
      const { body } = await app.get(`/v1/products?${query}&limit=1${cursor}`);
      walked.push(...body.items.map(({ title }: { title: string }) => title));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(walked).toEqual(expected);
  });

  it('finds a word and a number that are written together, before what is only like both', async () => {
    const made = [
      { title: 'Sun Cream SPF 50', variants: [{ sku: 'SUN-1', price: { amount: 1, currency: 'EUR' } }] },
      { title: 'Swim Shirt UPF50' },
      { title: 'Phone 9 for 50', brand: 'Aphone' },
      { title: 'Spare Part 50 500 ml' },
      { title: 'Hidden SPF 90', status: 'draft' },
    ];
    for (const product of made) {
      await app.post('/v1/products', { status: 'published', brand: 'Numbered', ...product }, { token });
    }
    const suggested = await app.get('/v1/products/suggest?q=spf50');

    expect(await titles('q=spf50')).toEqual(['Sun Cream SPF 50']);
    expect(await titles('q=SPF50+cream')).toEqual(['Sun Cream SPF 50']);
    expect(await titles('q=upf50')).toEqual(['Swim Shirt UPF50']);
    expect(await titles('q=upf+50')).toEqual(['Swim Shirt UPF50']);
    expect(await titles('q=500ml')).toEqual(['Spare Part 50 500 ml']);
    expect(await titles('q=part50x500ml')).toEqual([]);
    expect(await titles('q=phone50')).toEqual([]);
    expect(await titles('q=spf90')).toEqual([]);
    expect(await titles('q=spf90&status=draft', { token })).toEqual(['Hidden SPF 90']);
    expect(suggested.body.items).toEqual([{ title: 'Sun Cream SPF 50', slug: 'sun-cream-spf-50' }]);
    for (const q of ['ab1'.repeat(66), 'ab12'.repeat(50), '1'.repeat(200)]) {
      expect(await titles(`q=${q}`)).toEqual([]);
    }
    for (const { id } of (await app.get('/v1/products?brand=Numbered&brand=Aphone')).body.items) {
      await app.delete(`/v1/products/${id}`, { token, headers: { 'if-match': '*' } });
    }
  });

  it('counts what it finds', async () => {
    expect((await app.get('/v1/products?q=jacket&count=true&limit=1')).body.total).toBe(4);
    expect((await app.get('/v1/products?q=xylophone&count=true')).body.total).toBe(0);
  });

  it('finds a change at once, and what is no longer there no more', async () => {
    const made = await app.post('/v1/products', { title: 'Zither', status: 'published' }, { token });
    const change = (patch: object) =>
      app.patch(`/v1/products/${made.body.id}`, patch, { token, headers: { 'if-match': '*' } });
    expect(await titles('q=zither')).toEqual(['Zither']);
    expect(await titles('q=zihter')).toEqual(['Zither']);

    await change({ title: 'Mandolin', brand: 'Zitherworks' });

    expect(await titles('q=mandolin')).toEqual(['Mandolin']);
    expect(await titles('q=zitherworks')).toEqual(['Mandolin']);
    await change({ status: 'archived' });
    expect(await titles('q=mandolin')).toEqual([]);
    expect(await titles('status=archived&q=mandolin', { token })).toEqual(['Mandolin']);
  });

  it('finds products under the new name of their category', async () => {
    const { body: home } = await app.get('/v1/categories/home');
    await app.patch(`/v1/categories/${home.id}`, { name: 'Household' }, { token });

    expect(await titles('q=household')).toEqual(['Lamp']);
    await app.patch(`/v1/categories/${home.id}`, { name: 'Home' }, { token });
  });

  it('keeps the order of a walk when the catalog learns a word meanwhile', async () => {
    const first = await app.get('/v1/products?q=jaket&limit=1');
    const made = await app.post('/v1/products', { title: 'Jaket', status: 'published' }, { token });

    const rest = await titles(`q=jaket&cursor=${first.body.nextCursor}`);

    expect(rest).toEqual(['Blue Rain Jacket', 'Red Rain Jacket', 'Lamp']);
    await app.delete(`/v1/products/${made.body.id}`, { token, headers: { 'if-match': '*' } });
  });

  it.each([
    ["'"],
    ['"'],
    ['\\'],
    ["a' | b & !c:*"],
    ['a & '],
    ['!!'],
    ['(a'],
    ['a <-> '],
    ['%'],
    ['_'],
    ['jack%'],
    [':*'],
    ['a:ABCD'],
    ["'); DROP TABLE products; --"],
    ['\u0001\u0002'],
    ['\ufffd'],
    ['x'.repeat(200)],
    ['é'.repeat(200)],
    ['漢'.repeat(200)],
    ['a '.repeat(100)],
    ['-'.repeat(200)],
    ['1e5 0x1F 1.5.2 http://x.y/z?a=b a@b.c'],
    ['ﷺ'.repeat(200)],
    ['\u202e'],
    ['ß'.repeat(200)],
  ])('is not upset by %j, in a list or a suggestion', async (q) => {
    const answers = await Promise.all([
      app.get(`/v1/products?q=${encodeURIComponent(q)}&facets=true&count=true`),
      app.get(`/v1/products/suggest?q=${encodeURIComponent(q)}`),
    ]); // prettier-ignore

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it.each(['%ED%A0%BD', '%ff', '%C0%AF', '%', '%zz', '%u0041'])(
    'is not upset by the bytes %s',
    async (bytes) => {
      const answers = [
        await app.get(`/v1/products?q=${bytes}`),
        await app.get(`/v1/products?attributes[color]=${bytes}`),
        await app.get(`/v1/products/suggest?q=${bytes}`),
      ];

      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    },
  );

  it('takes products with more text than a search vector holds', async () => {
    const word = (index: number) => `w${index.toString(36)}`.padEnd(40, 'q');
    const attributes = Object.fromEntries(
      Array.from({ length: 30 }, (_, name) => [
        `attribute ${name}`,
        Array.from({ length: 40 }, (_ignored, value) => Array.from({ length: 12 }, (_skip, part) => word(name * 1000 + value * 20 + part)).join(' ')),
      ]),
    ); // prettier-ignore
    const description = 'ﷺ'.repeat(30_000);

    const made = await app.post('/v1/products', { title: 'Encyclopedia', description, attributes, status: 'published' }, { token }); // prettier-ignore

    expect(made.status).toBe(201);
    expect(await titles('q=encyclopedia')).toEqual(['Encyclopedia']);
    await app.delete(`/v1/products/${made.body.id}`, { token, headers: { 'if-match': '*' } });
  });

  describe('cursor', () => {
    it.each([
      ['q=jacket', 'q=rain'],
      ['q=jacket', ''],
      ['', 'q=jacket&sort=newest'],
      ['q=jacket', 'q=jacket&sort=price'],
      ['attributes[color]=red', 'attributes[color]=blue'],
      ['attributes[color]=red', ''],
    ])('of "%s" is 400 for "%s"', async (made, used) => {
      const { nextCursor } = (await app.get(`/v1/products?limit=1&${made}`)).body;

      expect((await app.get(`/v1/products?${used}&cursor=${nextCursor}`)).status).toBe(400);
    });

    it.each([
      ['jacket hid', 'hidden'],
      ['jacket secret phone', 'secretphon'],
      ['jacket velvetmoon', '-moon'],
    ])('for "%s" says no word of a product that its reader may not see', async (q, unseen) => {
      await app.post('/v1/products', { title: 'Secretphone', status: 'draft' }, { token });
      await app.post('/v1/products', { title: 'Velvet Moon', status: 'draft' }, { token });

      const { nextCursor } = (await app.get(`/v1/products?limit=1&q=${encodeURIComponent(q)}`)).body;

      const cursor = JSON.stringify(readCursor(nextCursor));
      expect(cursor).toContain('jacket');
      expect(cursor).not.toContain(unseen);
    });

    it.each([
      ['NaN', ''],
      ['-1', ''],
      ['1e99', 'all  jacket'],
      ['1', 'none  jacket'],
      ['1', "all  jacket'"],
      ['1', "all  ')--"],
      ['1', 'all  a&b'],
      ['1', 'all sku-1 jacket'],
      ['1', 'all  \\'],
      ['1', 'all   '],
      ['1', 'x'],
      ['1', 'all  jacket:*'],
      ['1', `any  ${'jacket '.repeat(16)}jacket`],
      ['1', `any  ${'jacket|'.repeat(150)}jacket`],
    ])('forged with the rank %s and the phrase "%s" is 400', async (rank, phrase) => {
      const { nextCursor } = (await app.get('/v1/products?limit=1&q=jacket')).body;
      const [list, , id] = readCursor(nextCursor);
      const forged = forgeCursor([list, rank, id, phrase, '']);

      const { status, body } = await app.get(`/v1/products?q=jacket&cursor=${forged}`);

      expect({ status, code: body.code }).toEqual({ status: 400, code: 'bad-request' });
    });
  });
});

describe('a product whose title has no letter and no digit', () => {
  it.each(['™', '´', '\u0301'])('is found by its brand: %s', async (title) => {
    const brand = `Quixel${title.codePointAt(0)}`;
    await fillShop(app, token, [], [{ title, brand }]);

    expect(await titles(`q=${brand}`)).toEqual([title]);
  });
});
