import { CatalogLoader } from '../src/catalog/catalog-loader.js';
import type { LoadedCatalog, LoadedProduct } from '../src/catalog/loading/loaded-catalog.js';
import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});

afterAll(() => app.close());

const price = { amount: 1999, currency: 'EUR' };

const CATALOG: LoadedCatalog = {
  categories: [
    { slug: 'lamps', name: 'Lamps', description: 'Light.', parentSlug: 'home', position: 0 },
    { slug: 'home', name: 'Home', description: '', parentSlug: null, position: 3 },
  ],
  products: Array.from({ length: 200 }, (_, index): LoadedProduct => ({
    slug: `lamp-${index}`,
    title: `Lamp ${index}`,
    description: 'Bright.',
    brand: index === 0 ? null : 'Lumen',
    status: index === 199 ? 'draft' : 'published',
    attributes: { watts: index, colors: ['red'] },
    categorySlugs: ['lamps'],
    variants: [
      {
        sku: `L-${index}-1`,
        title: null,
        price,
        compareAtPrice: { amount: 2999, currency: 'EUR' },
        stock: 2,
        options: { size: 'S' },
      },
      { sku: `L-${index}-2`, title: 'Big', price, compareAtPrice: null, stock: 0, options: {} },
    ],
    createdAt: '2026-01-02T03:04:05.678Z',
    publishedAt: index === 199 ? null : '2026-02-03T04:05:06.789Z',
  })),
};

function load(): Promise<number> {
  return app.database.transaction((manager) => app.nest.get(CatalogLoader).loadIfEmpty(manager, CATALOG));
}

describe('loading a catalog', () => {
  it('fills an empty one, and leaves any other as it is', async () => {
    expect(await load()).toBe(200);
    expect(await load()).toBe(0);

    const list = await app.get('/v1/products?category=home&count=true');
    expect(list.body.total).toBe(199);
    const { items } = (await app.get('/v1/categories')).body;
    expect(items).toMatchObject([
      {
        path: 'Home',
        position: 3,
        productCount: 199,
        children: [{ path: 'Home/Lamps', description: 'Light.', productCount: 199 }],
      },
    ]);
  });

  it('makes the same documents as the API', async () => {
    const { headers, body } = await app.get('/v1/products/lamp-7');

    expect(headers.get('etag')).toMatch(/^"1\./);
    expect(body).toMatchObject({
      title: 'Lamp 7',
      brand: 'Lumen',
      status: 'published',
      attributes: { watts: 7, colors: ['red'] },
      categories: [{ slug: 'lamps', path: 'Home/Lamps' }],
      priceRange: { min: price, max: price },
      inStock: true,
      createdAt: '2026-01-02T03:04:05.678Z',
      updatedAt: '2026-01-02T03:04:05.678Z',
      publishedAt: '2026-02-03T04:05:06.789Z',
    });
    expect(body.variants).toEqual([
      { id: expect.any(String), sku: 'L-7-1', title: null, price, compareAtPrice: { amount: 2999, currency: 'EUR' }, stock: 2, options: { size: 'S' } }, // prettier-ignore
      { id: expect.any(String), sku: 'L-7-2', title: 'Big', price, stock: 0, options: {} },
    ]);
  });

  it('leaves products that can be changed like any other', async () => {
    const token = await app.signIn('editor');
    const { body } = await app.get('/v1/products/lamp-8');

    const added = await app.post(`/v1/products/${body.id}/variants`, { sku: 'L-8-3', price }, { token });

    expect(added.status).toBe(201);
    expect(
      (await app.get('/v1/products/lamp-8')).body.variants.map(({ sku }: { sku: string }) => sku),
    ).toEqual(['L-8-1', 'L-8-2', 'L-8-3']);
  });
});
