import { v7 } from 'uuid';
import { CatalogLoader } from '../src/catalog/catalog-loader.js';
import type { LoadedProduct } from '../src/catalog/loading/loaded-catalog.js';
import { startTestApp, type TestApp } from './support/app.js';
import { forgeCursor, readCursor } from './support/cursor.js';

// More than a page looks at: those that are added have to be told from what was there when the walk began.
const ADDED = 10_100;
const PUBLISHED_MEANWHILE = 2100;

const LANTERNS = numbered(300, 'lantern');
const CANDLES = numbered(600, 'candle');
const DRAFTS = numbered(PUBLISHED_MEANWHILE, 'draft');

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  const products = [
    ...LANTERNS.slice(0, 150).map((slug) => productOf(slug, 'Lantern of Brass')),
    ...DRAFTS.map((slug) => productOf(slug, 'Lantern', 'draft')),
    ...LANTERNS.slice(150).map((slug) => productOf(slug, 'Lantern of Brass')),
    ...CANDLES.map((slug) => productOf(slug, 'Candle of Wax')),
    productOf('plain', 'Plain thing'),
  ];
  await app.database.transaction((manager) =>
    app.nest.get(CatalogLoader).loadIfEmpty(manager, { categories: [], products }),
  );
}, 120_000);

afterAll(() => app.close());

function numbered(count: number, name: string): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index}`);
}

function productOf(
  slug: string,
  title: string,
  status: LoadedProduct['status'] = 'published',
): LoadedProduct {
  const at = '2026-01-02T03:04:05.000Z';
  return {
    slug,
    title,
    description: '',
    brand: null,
    status,
    attributes: {},
    categorySlugs: [],
    variants: [],
    createdAt: at,
    publishedAt: at,
  };
}

/** Adds so many products with lanterns and candles in their titles, with no more of a document than a search looks at. */
async function add(count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => v7());
  await app.database.query(
    `INSERT INTO products (id, slug, title, description, status, attributes, created_at, updated_at, published_at)
     SELECT id, 'late-' || id, 'Lantern beside a Candle', '', 'published', '{}', now(), now(), now() FROM unnest($1::uuid[]) AS id`,
    [ids],
  );
  await app.database.query(
    `INSERT INTO product_documents
       (product_id, slug, status, listed_at, sort_title, category_slugs, in_stock, revision, head, tail, search)
     SELECT id, 'late-' || id, 'published', now(), 'lantern beside a candle', '{}', false, 1,
       '{"slug":"late-' || id || '",', '"inStock":false}',
       setweight(to_tsvector('product_search', 'lantern beside a candle'), 'A')
     FROM unnest($1::uuid[]) AS id`,
    [ids],
  );
}

/** Walks on from a page, and answers with the slugs of that page and all behind it. */
async function walkOn(
  query: string,
  { status, body }: Awaited<ReturnType<TestApp['get']>>,
): Promise<string[]> {
  expect(status).toBe(200);
  const here = body.items.map(({ slug }: { slug: string }) => slug);
  if (body.nextCursor === null) {
    return here;
  }
  const next = await app.get(`/v1/products?${query}&limit=100&cursor=${body.nextCursor}`);
  return [...here, ...(await walkOn(query, next))];
}

function seenOf(slugs: readonly string[], walked: readonly string[]): string[] {
  const wanted = new Set(slugs);
  return walked.filter((slug) => wanted.has(slug)).toSorted();
}

describe('a walk by relevance', () => {
  it('shows each product once where a tier with all words but one is full', async () => {
    const walked = await walkOn(
      'q=candle+wax+plain',
      await app.get('/v1/products?q=candle+wax+plain&limit=100'),
    );

    expect(walked.toSorted()).toEqual([...CANDLES, 'plain'].toSorted());
  });

  it.each([
    ['1', (id: string) => `${id} 9 ${id}`],
    ['unranked', (id: string) => `${id} 9 ${id}`],
    ['unranked', (id: string) => `${id} all`],
    ['1', (id: string) => `${id} 0 x`],
    ['1', (id: string) => `${id} 0`],
    ['1', (id: string) => `0 ${id}`],
    ['1', () => ''],
  ])('refuses a cursor that is forged with the rank %s and the part %s', async (rank, partOf) => {
    const { nextCursor } = (await app.get('/v1/products?q=candle&limit=1')).body;
    const [list, , id, phrase, part] = readCursor(nextCursor);
    const cursorWith = (forged: string) => forgeCursor([list, rank, id, phrase, forged]);

    const { status, body } = await app.get(`/v1/products?q=candle&limit=1&cursor=${cursorWith(partOf(id))}`);

    expect({ status, code: body.code }).toEqual({ status: 400, code: 'bad-request' });
    expect((await app.get(`/v1/products?q=candle&limit=1&cursor=${cursorWith(part)}`)).status).toBe(200);
  });

  it('shows each product once that was there throughout, however many come to match meanwhile', async () => {
    const lanterns = await app.get('/v1/products?q=lantern&limit=100');
    const candles = await app.get('/v1/products?q=candle&limit=100');
    await add(ADDED);
    await app.database.query(`UPDATE product_documents SET status = 'published' WHERE status = 'draft'`);

    const walkedLanterns = await walkOn('q=lantern', lanterns);
    const walkedCandles = await walkOn('q=candle', candles);

    expect(seenOf(LANTERNS, walkedLanterns)).toEqual(LANTERNS.toSorted());
    expect(seenOf(CANDLES, walkedCandles)).toEqual(CANDLES.toSorted());
    expect(new Set(walkedLanterns).size).toBe(walkedLanterns.length);
    expect(new Set(walkedCandles).size).toBe(walkedCandles.length);
  }, 120_000);
});
