import { CatalogLoader } from '../src/catalog/catalog-loader.js';
import type { LoadedProduct } from '../src/catalog/loading/loaded-catalog.js';
import { DEFAULT_LIST } from '../src/catalog/documents/product-list-query.js';
import { type FacetRow, facetsFrom } from '../src/catalog/search/facets.js';
import { facetsQuery, SAMPLE_SIZE, type SampleSize, SIXTEENTH } from '../src/catalog/search/facets.sql.js';
import { KnownWords } from '../src/catalog/search/known-words.js';
import { startTestApp, type TestApp } from './support/app.js';
import { forgeCursor, readCursor } from './support/cursor.js';
import { importer } from './support/importer.js';

// A search ranks the newest 500 of those with the words in the title, else of those with the words anywhere.
const PRODUCTS = 1300;

const SHELF = { slug: 'shelf', name: 'Shelf', description: '', parentSlug: null, position: 0 };

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
  const products = Array.from({ length: PRODUCTS }, (_, number) => productOf(number));
  await app.database.transaction((manager) =>
    app.nest.get(CatalogLoader).loadIfEmpty(manager, { categories: [SHELF], products }),
  );
}, 120_000);

afterAll(() => app.close());

// Three lanterns; 597 lamps that are like a lantern; then 700 candles, of which every tenth is nothing but a candle.
function productOf(number: number): LoadedProduct {
  const isCandle = number >= 600;
  const candle = number % 10 === 0 ? 'Candle' : `Candle ${number} of Wax`;
  const other = number < 3 ? `Lantern ${number} of Brass` : `Lamp ${number}`;
  const at = '2026-01-02T03:04:05.000Z';
  return {
    slug: `p-${number}`,
    title: isCandle ? candle : other,
    description: number >= 3 && !isCandle ? 'It shines like a lantern.' : '',
    brand: number % 2 === 0 ? 'Even' : 'Odd',
    status: 'published',
    attributes: {},
    categorySlugs: isCandle ? ['shelf'] : [],
    variants: [],
    createdAt: at,
    publishedAt: at,
  };
}

async function walk(query: string): Promise<number[]> {
  const numbers: number[] = [];
  let cursor = '';
  do {
    const { status, body } = await app.get(`/v1/products?${query}&limit=100${cursor}`);
    expect(status).toBe(200);
    numbers.push(...body.items.map(({ slug }: { slug: string }) => Number(slug.slice(2))));
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  return numbers;
}

const falling = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => from - index);
const isShort = (number: number) => number % 10 === 0;

describe('a search that finds more than it ranks', () => {
  it('begins with the titles that have the words, however old they are', async () => {
    expect(await walk('q=lantern')).toEqual([2, 1, 0, ...falling(599, 3)]);
  });

  it('ranks the newest, and lists the others behind them by age, each once', async () => {
    const ranked = falling(1299, 800);

    expect(await walk('q=candle')).toEqual([
      ...ranked.filter(isShort),
      ...ranked.filter((number) => !isShort(number)),
      ...falling(799, 600),
    ]);
  });

  it('ranks the newest of those that the filters let through', async () => {
    const odd = falling(1299, 600).filter((number) => number % 2 === 1);

    expect(await walk('q=candle&brand=Odd')).toEqual(odd);
    expect(await walk('q=candle&brand=Even')).toEqual([
      ...falling(1299, 600).filter(isShort),
      ...falling(1299, 600).filter((number) => number % 2 === 0 && !isShort(number)),
    ]);
  });

  it('counts all of it', async () => {
    const { body } = await app.get('/v1/products?q=candle&count=true&facets=true&limit=1');

    expect(body.total).toBe(700);
    expect(body.facets.brands).toEqual([{ value: 'Even', count: 350 }, { value: 'Odd', count: 350 }]); // prettier-ignore
  });

  it('puts what has most of the words first where nothing has all of them', async () => {
    const numbers = await walk('q=lantern+brass+candle');

    expect(numbers.slice(0, 3)).toEqual([2, 1, 0]);
    expect(new Set(numbers).size).toBe(1300);
    expect(numbers).toHaveLength(1300);
  });

  it('fills a page across the end of what is ranked', async () => {
    const first = await app.get('/v1/products?q=candle&limit=100');
    const sizes: number[] = [first.body.items.length];
    let { nextCursor } = first.body;
    while (nextCursor !== null) {
      const { body } = await app.get(`/v1/products?q=candle&limit=70&cursor=${nextCursor}`);
      sizes.push(body.items.length);
      ({ nextCursor } = body);
    }

    expect(sizes).toEqual([100, 70, 70, 70, 70, 70, 70, 70, 70, 40]);
  });

  it.each([
    ['unranked', ''],
    ['1', '9 01890000-0000-7000-8000-000000000000'],
    ['unranked', '9 01890000-0000-7000-8000-000000000000'],
    ['1', '0 x'],
    ['1', '01890000-0000-7000-8000-000000000000'],
  ])('refuses a cursor that is forged with the rank %s and the part "%s"', async (rank, part) => {
    const { nextCursor } = (await app.get('/v1/products?q=candle&limit=1')).body;
    const [list, , id, phrase] = readCursor(nextCursor);
    const forged = forgeCursor([list, rank, id, phrase, part]);

    const { status, body } = await app.get(`/v1/products?q=candle&limit=1&cursor=${forged}`);

    expect({ status, code: body.code }).toEqual({ status: 400, code: 'bad-request' });
  });
});

describe('a word that may be two written together', () => {
  it.each([
    ['shineslike', ['shine', 'like']],
    ['waxcandle', null],
  ])('is looked up by the index, however common the two are: %s', async (word, parts) => {
    const { database } = app;
    await database.query('VACUUM ANALYZE product_documents');
    const plans: string[] = [];
    const words = new KnownWords({
      query: async ({ text, values }) => {
        plans.push(JSON.stringify(await database.query(`EXPLAIN ${text}`, values)));
        return { rows: await database.query(text, values) };
      },
    });

    expect(await words.partsOf(word, 'published')).toEqual(parts);

    expect(plans.filter((plan) => plan.includes('Seq Scan on product_documents'))).toEqual([]);
    expect(plans.filter((plan) => plan.includes('product_documents_search_idx'))).toHaveLength(1);
  });
});

describe('facets of many products', () => {
  async function facets(query: object, size: SampleSize) {
    const { text, values } = facetsQuery({ ...DEFAULT_LIST, ...query }, undefined, size);
    return facetsFrom(await app.database.query<FacetRow[]>(text, values), []);
  }

  it('are estimated where there are more than some 10,000', () => {
    expect(SAMPLE_SIZE).toEqual({ most: 5000, least: 625 });
  });

  it('come from a sixteenth of all products, as the indexes have it', async () => {
    const [made] = await app.database.query<{ share: number }[]>(
      `SELECT (count(*) FILTER (WHERE ${SIXTEENTH}))::float8 / count(*) AS share
       FROM (SELECT gen_random_uuid() AS product_id FROM generate_series(1, 100000)) made`,
    );
    const indexes = await app.database.query<{ definition: string }[]>(
      `SELECT pg_get_expr(indpred, indrelid) AS definition FROM pg_index WHERE indexrelid::regclass::text LIKE 'sample_%'`,
    );

    expect(made?.share).toBeGreaterThan(0.95 / 16);
    expect(made?.share).toBeLessThan(1.05 / 16);
    expect(indexes).toHaveLength(4);
    indexes.forEach(({ definition }) => expect(definition).toContain(SIXTEENTH.split(' < ')[1]));
  });

  it('are exact where the sample has too few of them', async () => {
    const { brands, estimated } = await facets({}, SAMPLE_SIZE);

    expect(brands).toEqual([{ value: 'Even', count: 650 }, { value: 'Odd', count: 650 }]); // prettier-ignore
    expect(estimated).toBe(false);
  });

  // A sixteenth of 1,300 is 81, give or take 9: what is estimated from them is right to a sixth or so. This allows for
  // five times that.
  it.each([
    [{}, 5000],
    [{ category: 'shelf' }, 5000],
    [{ brands: ['Even'] }, 5000],
    [{}, 40],
    [{ category: 'shelf' }, 25],
  ])('are near the truth where it has enough, and say so: %j, from %i at most', async (query, most) => {
    const { brands, estimated } = await facets(query, { most, least: 1 });

    const all = 'category' in query ? 700 : 1300;
    const sum = brands.reduce((total, { count }) => total + count, 0);
    expect(brands.map(({ value }) => value).toSorted()).toEqual(['Even', 'Odd']);
    expect(sum).toBeGreaterThan(all / 4);
    expect(sum).toBeLessThan(all * 4);
    expect(estimated).toBe(true);
  });

  it('have the exact numbers of the categories, unless something else filters', async () => {
    const shelf = { slug: 'shelf', name: 'Shelf', path: 'Shelf', count: 700 };
    const small = { most: 20, least: 1 };

    expect((await facets({}, small)).categories).toEqual([shelf]);
    expect((await facets({ category: 'shelf' }, small)).categories).toEqual([shelf]);
    expect((await facets({ status: 'draft' }, small)).categories).toEqual([]);
    expect((await facets({ brands: ['Even'] }, SAMPLE_SIZE)).categories).toEqual([{ ...shelf, count: 350 }]);
  });
});

describe('a word and its number that are written together', () => {
  it('are found however many drafts have both', async () => {
    const token = await app.signIn('editor');
    const drafts = Array.from({ length: 1100 }, () => ({
      title: 'Zeppelin 88',
      status: 'draft',
      variants: [],
    }));
    const published = { title: 'Zeppelin 88', slug: 'zeppelin-for-all', status: 'published', variants: [] };

    const { created } = await importer(app, token).run([...drafts, published]);
    const { items } = (await app.get('/v1/products?q=zeppelin88')).body;

    expect(created).toBe(1101);
    expect(items.map(({ slug }: { slug: string }) => slug)).toEqual(['zeppelin-for-all']);
  });
});
