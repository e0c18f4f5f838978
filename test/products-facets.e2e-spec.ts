import { startTestApp, type TestApp } from './support/app.js';
import { type SampleProduct, fillShop } from './support/shop.js';

const SAMPLES: readonly SampleProduct[] = [
  { title: 'Red Rain Jacket', brand: 'Alba', categories: ['jackets'], attributes: { color: 'red', sizes: ['S', 'M'], waterproof: true }, price: 9000, stock: 1 },
  { title: 'Blue Rain Jacket', brand: 'Bora', categories: ['jackets'], attributes: { color: 'blue', sizes: ['M'], waterproof: true }, price: 8000, stock: 0 },
  { title: 'Wool Jacket', brand: 'Bora', categories: ['jackets', 'home'], attributes: { color: 'red', weight: 800 }, price: 12_000, stock: 3 },
  { title: 'Umbrella', brand: 'Alba', categories: ['clothes'], attributes: { color: ['red', 'blue'] }, price: 2000, stock: 9 },
  { title: 'Lamp', brand: null, categories: [], attributes: {}, price: null, stock: 0 },
  { title: 'Hidden Jacket', brand: 'Hidden', categories: ['jackets'], attributes: { secret: 'yes' }, price: 1, stock: 1, status: 'draft' },
]; // prettier-ignore

const eur = (amount: number) => ({ amount, currency: 'EUR' });

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
  await fillShop(app, token, ['Home'], SAMPLES);
});

afterAll(() => app.close());

async function facets(query: string, sending = {}) {
  const { status, body } = await app.get(`/v1/products?facets=true&${query}`, sending);
  expect(status).toBe(200);
  return body.facets;
}

const CATEGORIES = [
  { slug: 'clothes', name: 'Clothes', path: 'Clothes', count: 4 },
  { slug: 'jackets', name: 'Jackets', path: 'Clothes/Jackets', count: 3 },
  { slug: 'home', name: 'Home', path: 'Home', count: 1 },
];

describe('GET /v1/products?facets=true', () => {
  it('counts everything by categories, brands, price and attributes', async () => {
    expect(await facets('')).toEqual({
      categories: CATEGORIES,
      brands: [{ value: 'Alba', count: 2 }, { value: 'Bora', count: 2 }], // prettier-ignore
      price: {
        min: eur(2000),
        max: eur(12_000),
        ranges: [
          { min: 2000, max: 4999, count: 1 },
          { min: 5000, max: 9999, count: 2 },
          { min: 10_000, max: 19_999, count: 1 },
        ],
      },
      attributes: {
        color: [{ value: 'red', count: 3 }, { value: 'blue', count: 2 }],
        sizes: [{ value: 'M', count: 2 }, { value: 'S', count: 1 }],
        waterproof: [{ value: 'true', count: 2 }],
        weight: [{ value: '800', count: 1 }],
      }, // prettier-ignore
      estimated: false,
    });
  });

  it('are left out unless asked for', async () => {
    expect((await app.get('/v1/products')).body).not.toHaveProperty('facets');
    expect((await app.get('/v1/products?facets=false')).body).not.toHaveProperty('facets');
  });

  it('respect every filter but their own', async () => {
    const byBrand = await facets('brand=Alba');
    expect(byBrand.brands).toEqual([{ value: 'Alba', count: 2 }, { value: 'Bora', count: 2 }]); // prettier-ignore
    expect(byBrand.attributes.color).toEqual([{ value: 'red', count: 2 }, { value: 'blue', count: 1 }]); // prettier-ignore
    expect(byBrand.price).toMatchObject({ min: eur(2000), max: eur(9000) });
    expect(byBrand.categories).toMatchObject([{ slug: 'clothes', count: 2 }, { slug: 'jackets', count: 1 }]); // prettier-ignore

    const byCategory = await facets('category=jackets');
    expect(byCategory.categories).toEqual(CATEGORIES);
    expect(byCategory.brands).toEqual([{ value: 'Bora', count: 2 }, { value: 'Alba', count: 1 }]); // prettier-ignore

    const byPrice = await facets('minPrice=8000&maxPrice=9000');
    expect(byPrice.price).toEqual((await facets('')).price);
    expect(byPrice.attributes.weight).toBeUndefined();

    const byColor = await facets('attributes[color]=blue');
    expect(byColor.attributes.color).toEqual([{ value: 'red', count: 3 }, { value: 'blue', count: 2 }]); // prettier-ignore
    expect(byColor.attributes.sizes).toEqual([{ value: 'M', count: 1 }]);
    expect(byColor.brands).toEqual([{ value: 'Alba', count: 1 }, { value: 'Bora', count: 1 }]); // prettier-ignore
  });

  it('respect each other where several filter', async () => {
    const both = await facets('brand=Bora&attributes[color]=red');

    expect(both.brands).toEqual([{ value: 'Alba', count: 2 }, { value: 'Bora', count: 1 }]); // prettier-ignore
    expect(both.attributes.color).toEqual([{ value: 'blue', count: 1 }, { value: 'red', count: 1 }]); // prettier-ignore
    expect(both.categories).toMatchObject([{ slug: 'clothes', count: 1 }, { slug: 'home' }, { slug: 'jackets' }]); // prettier-ignore
  });

  it('count what a search finds, also a misspelt one, and the whole list whatever the page', async () => {
    const first = await app.get('/v1/products?q=jakcet&facets=true&limit=1');
    const second = await app.get(`/v1/products?q=jakcet&facets=true&limit=1&cursor=${first.body.nextCursor}`);

    expect(first.body.facets.brands).toEqual([{ value: 'Bora', count: 2 }, { value: 'Alba', count: 1 }]); // prettier-ignore
    expect(second.body.facets).toEqual(first.body.facets);
    expect((await facets('q=jacket&inStock=true')).attributes.color).toEqual([{ value: 'red', count: 2 }]);
  });

  it('are empty where nothing is found', async () => {
    expect(await facets('q=xylophone')).toEqual({
      categories: [],
      brands: [],
      price: null,
      attributes: {},
      estimated: false,
    });
  });

  it('count drafts for editors only', async () => {
    expect((await facets('status=draft', { token })).attributes).toEqual({
      secret: [{ value: 'yes', count: 1 }],
    });
    expect((await app.get('/v1/products?facets=true&status=draft')).status).toBe(401);
  });

  it('offer only what the list can be narrowed by', async () => {
    const attributes = { empty: '', some: ['', 'yes'], 'size [cm]': '5', long: '😀'.repeat(500) };
    const made = await app.post('/v1/products', { title: 'Odd', brand: '😀'.repeat(100), attributes, status: 'published' }, { token }); // prettier-ignore
    const [q, brand] = [encodeURIComponent('😀'.repeat(200)), encodeURIComponent('😀'.repeat(100))];

    const odd = await facets(`brand=${brand}`);

    expect(odd.attributes).toEqual({
      long: [{ value: '😀'.repeat(500), count: 1 }],
      'size [cm]': [{ value: '5', count: 1 }],
      some: [{ value: 'yes', count: 1 }],
    });
    for (const [name, values] of Object.entries<{ value: string }[]>(odd.attributes)) {
      for (const suffix of ['', '[]']) {
        const query = `attributes[${encodeURIComponent(name)}]${suffix}=${encodeURIComponent(values[0]?.value ?? '')}`;
        const { status, body } = await app.get(`/v1/products?${query}`);
        expect({ status, titles: body.items?.map(({ title }: any) => title) }).toEqual({ status: 200, titles: ['Odd'] }); // prettier-ignore
      }
    }
    expect((await app.get(`/v1/products?q=${q}`)).status).toBe(200);
    await app.delete(`/v1/products/${made.body.id}`, { token, headers: { 'if-match': '*' } });
  });

  it('hold 50 values and 50 attributes at most, the largest first', async () => {
    for (let product = 0; product < 3; product++) {
      const names = Array.from({ length: 40 }, (_, index) => [`p${product}n${index}`, 'x']);
      const values = Array.from({ length: 30 }, (_, index) => `v${product}-${index}`);
      const attributes = { ...Object.fromEntries(names), many: ['v', ...values] };
      const made = await app.post('/v1/products', { title: 'Many', brand: 'Many', attributes, status: 'published' }, { token }); // prettier-ignore
      expect(made.status).toBe(201);
    }

    const { attributes } = await facets('brand=Many');

    expect(Object.keys(attributes)).toHaveLength(50);
    expect(attributes.many).toHaveLength(50);
    expect(attributes.many[0]).toEqual({ value: 'v', count: 3 });
  });
});
