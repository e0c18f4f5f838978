import { CatalogLoader } from '../src/catalog/catalog-loader.js';
import { shopCatalog } from './fixtures/shop-catalog.js';
import { SHOP_QUERIES } from './fixtures/shop-queries.js';
import { startTestApp, type TestApp } from './support/app.js';

const QUERIES = SHOP_QUERIES.split('\n')
  .filter((line) => line.includes('|'))
  .map((line) => {
    const [query = '', firstThree = '', firstTen = ''] = line.split('|').map((part) => part.trim());
    const keys = (list: string) => list.split(' ').filter(Boolean);
    return { query, firstThree: keys(firstThree), firstTen: keys(firstTen) };
  });

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  await app.database.transaction((manager) =>
    app.nest.get(CatalogLoader).loadIfEmpty(manager, shopCatalog()),
  );
});

afterAll(() => app.close());

async function search(query: string): Promise<string[]> {
  const { body } = await app.get(`/v1/products?limit=10&q=${encodeURIComponent(query)}`);
  return body.items.map(({ slug }: { slug: string }) => slug);
}

describe('searching a shop', () => {
  it('is tested with at least 300 products and 150 queries, each of which names products that there are', () => {
    const { products } = shopCatalog();
    const slugs = new Set(products.map(({ slug }) => slug));
    const named = QUERIES.flatMap(({ firstThree, firstTen }) => [...firstThree, ...firstTen]);

    expect(slugs.size).toBe(products.length);
    expect(products.length).toBeGreaterThanOrEqual(300);
    expect(new Set(QUERIES.map(({ query }) => query)).size).toBe(QUERIES.length);
    expect(QUERIES.length).toBeGreaterThanOrEqual(150);
    expect(named.filter((slug) => !slugs.has(slug))).toEqual([]);
    expect(QUERIES.filter(({ firstTen }) => firstTen.length === 0)).toEqual([]);
  });

  it.each(QUERIES)('finds what "$query" means', async ({ query, firstThree, firstTen }) => {
    const found = await search(query);

    expect({
      found,
      notInFirstThree: firstThree.filter((slug) => !found.slice(0, 3).includes(slug)),
    }).toEqual({
      found,
      notInFirstThree: [],
    });
    expect({ found, notInFirstTen: firstTen.filter((slug) => !found.includes(slug)) }).toEqual({
      found,
      notInFirstTen: [],
    });
  });
});
