import { type ProductListQuery, readProductListQuery } from '../src/catalog/documents/product-list-query.js';
import { pageQuery } from '../src/catalog/documents/page-query.js';
import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
});

afterAll(() => app.close());

/** How PostgreSQL runs a list when it is told to avoid sorting and reading whole tables. */
async function planOf(query: ProductListQuery): Promise<string> {
  const { text, values } = pageQuery(query, 'whole');
  return app.database.transaction(async (manager) => {
    await manager.query('SET LOCAL enable_seqscan = off');
    await manager.query('SET LOCAL enable_bitmapscan = off');
    await manager.query('SET LOCAL enable_sort = off');
    const rows = await manager.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}

async function countersAndTruth(): Promise<[unknown, unknown]> {
  const counters = await app.database.query(
    `SELECT category_slug AS slug, products FROM category_product_counts WHERE products <> 0 ORDER BY category_slug COLLATE "C"`,
  );
  const truth = await app.database.query(
    `SELECT category AS slug, count(*)::int AS products FROM product_documents, unnest(category_slugs) AS category
     WHERE status = 'published' GROUP BY category ORDER BY category COLLATE "C"`,
  );
  return [counters, truth];
}

describe('product documents', () => {
  it.each(['newest', 'price', '-price', 'title'])(
    'are listed by %s straight from an index, on the first page and after it',
    async (sort) => {
      await app.post('/v1/products', { title: 'One', status: 'published' }, { token });
      await app.post('/v1/products', { title: 'Two', status: 'published' }, { token });
      const cursor: string = (await app.get(`/v1/products?sort=${sort}&limit=1`)).body.nextCursor;

      for (const plan of [
        await planOf(readProductListQuery({ sort })),
        await planOf(readProductListQuery({ sort, limit: '1', cursor })),
      ]) {
        expect(plan).toMatch(/Index (Only )?Scan/);
        expect(plan).not.toMatch(/Sort/);
      }
      expect(await planOf(readProductListQuery({ sort, limit: '1', cursor }))).toMatch(/Index Cond: .*ROW\(/);
    },
  );

  it('are counted by category, whatever happens to products and categories', async () => {
    const ids: string[] = [];
    const send = async (method: string, path: string, body?: object) => {
      const answer = await app.send(method, path, { token, body, headers: { 'if-match': '*' } });
      expect(answer.status).toBeLessThan(300);
      return answer.body;
    };
    const root = await send('POST', '/v1/categories', { name: 'Root' });
    const left = await send('POST', '/v1/categories', { name: 'Left', parentId: root.id });
    const right = await send('POST', '/v1/categories', { name: 'Right', parentId: root.id });
    for (const [title, status, ...categories] of [
      ['A', 'published', 'left'],
      ['B', 'published', 'left', 'right'],
      ['C', 'published', 'root', 'left'],
      ['D', 'draft', 'right'], // prettier-ignore
    ]) {
      ids.push((await send('POST', '/v1/products', { title, status, categories })).id);
    }
    const steps: [string, string, object?][] = [
      ['PATCH', `/v1/products/${ids[3]}`, { status: 'published' }],
      ['PATCH', `/v1/products/${ids[0]}`, { categories: ['right'] }],
      ['PATCH', `/v1/products/${ids[0]}`, { title: 'AA' }],
      ['DELETE', `/v1/products/${ids[1]}`],
      ['PATCH', `/v1/categories/${left.id}`, { parentId: null }],
      ['PATCH', `/v1/categories/${right.id}`, { parentId: left.id, slug: 'far-right' }],
      ['PATCH', `/v1/categories/${root.id}`, { slug: 'stem', name: 'Stem' }],
      ['PATCH', `/v1/products/${ids[1]}`, { status: 'published' }],
      ['DELETE', `/v1/categories/${right.id}`],
    ];
    for (const [method, path, body] of steps) {
      await send(method, path, body);
      const [counters, truth] = await countersAndTruth();
      expect(counters).toEqual(truth);
    }
    const { body } = await app.get('/v1/categories');
    expect(body.items.map(({ slug, productCount }: any) => [slug, productCount])).toEqual([['left', 2], ['stem', 1]]); // prettier-ignore
  });
});
