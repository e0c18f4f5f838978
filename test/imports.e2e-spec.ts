import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { ImportHousekeeping } from '../src/catalog/imports/import-housekeeping.js';
import { ImportStore } from '../src/catalog/imports/import-store.js';
import { type TestApp, startTestApp } from './support/app.js';
import type { Answer } from './support/client.js';
import { type Importer, importer, startForImports } from './support/importer.js';
import { until } from './support/process.js';

let app: TestApp;
let token: string;
let imports: Importer;

beforeAll(async () => {
  ({ app, token, imports } = await startForImports());
});

afterAll(() => app.close());

const price = { amount: 1999, currency: 'EUR' };
const product = async (slug: string): Promise<Answer> => app.get(`/v1/products/${slug}`, { token });

describe('an import', () => {
  it('answers 202 with its id, and where to see how far it is', async () => {
    const { status, body, headers } = await imports.post('');

    expect(status).toBe(202);
    expect(body).toEqual({ id: expect.any(String), status: 'queued' });
    expect(headers.get('location')).toBe(`/v1/catalog/imports/${body.id}`);
  });

  it('starts before it makes its first product, and ends after its last', async () => {
    const { startedAt, finishedAt } = await imports.run([
      { slug: 'made-first', title: 'First', variants: [] },
      { slug: 'made-last', title: 'Last', variants: [] },
    ]);

    const [first, last] = [(await product('made-first')).body, (await product('made-last')).body];
    const moments = [startedAt, first.createdAt, last.createdAt, finishedAt];
    expect(moments).toEqual(moments.toSorted());
  });

  it('makes a variant with the SKU that a file without SKUs would get beside the one with the bare slug', async () => {
    const slug = 'x100';
    await imports.run([{ slug, title: 'X', variants: [{ sku: slug, price }] }]);

    await imports.run([{ slug, title: 'X', variants: [{ sku: `${slug}/`, price }] }]);

    const { variants } = (await product(slug)).body;
    expect(variants.map(({ sku }: { sku: string }) => sku).toSorted()).toEqual(['x100', 'x100/']);
  });

  it('makes products, their variants and the categories that are missing', async () => {
    const result = await imports.run([
      {
        slug: 'head-phones',
        title: 'Headphones',
        description: '<p>Loud &amp; clear</p>',
        brand: 'Lumen',
        status: 'published',
        categories: ['Electronics/Audio/Headphones', 'Sale'],
        attributes: { color: 'red', watts: 0.5, tags: ['a', 'b'] },
        variants: [
          { sku: 'HP-1', title: 'Red', price, compareAtPrice: { amount: 2999, currency: 'EUR' }, stock: 3, options: { color: 'red' } }, // prettier-ignore
          { sku: 'HP-2', price: { amount: 0, currency: 'EUR' } },
        ],
      },
      { title: 'Nameless Lamp', variants: [] },
    ]);

    expect(result).toEqual({
      status: 'completed',
      read: 2,
      created: 2,
      updated: 0,
      failed: 0,
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      finishedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await product('head-phones')).body).toMatchObject({
      title: 'Headphones',
      description: '<p>Loud &amp; clear</p>',
      brand: 'Lumen',
      status: 'published',
      attributes: { color: 'red', watts: 0.5, tags: ['a', 'b'] },
      categories: [{ path: 'Electronics/Audio/Headphones' }, { path: 'Sale' }],
      priceRange: { min: { amount: 0 }, max: { amount: 1999 } },
      inStock: true,
      variants: [
        { sku: 'HP-1', title: 'Red', price, compareAtPrice: { amount: 2999 }, stock: 3, options: { color: 'red' } }, // prettier-ignore
        { sku: 'HP-2', title: null, stock: 0, options: {} },
      ],
    });
    expect((await product('nameless-lamp')).body).toMatchObject({ status: 'draft', variants: [] });
    const tree = await app.get('/v1/categories/electronics');
    expect(tree.body).toMatchObject({ productCount: 1, children: [{ path: 'Electronics/Audio' }] });
  });

  it('finds a product by an SKU or else by its slug, and leaves what a line leaves out', async () => {
    await imports.run([
      { slug: 'cup', title: 'Cup', brand: 'Old', description: 'Blue', categories: ['Cups'], variants: [{ sku: 'CUP-1', title: 'One', price, stock: 7 }, { sku: 'CUP-2', price }] }, // prettier-ignore
      { slug: 'mug', title: 'Mug', variants: [{ sku: 'MUG-1', price }] },
    ]);
    const { headers } = await product('cup');

    const result = await imports.run([
      { slug: 'tea-cup', title: 'Tea cup', brand: null, variants: [{ sku: 'CUP-3', price }, { sku: 'CUP-2', price: { amount: 5, currency: 'EUR' } }] }, // prettier-ignore
      { slug: 'mug', title: 'Big mug', status: 'published', variants: [] },
    ]);

    expect(result).toMatchObject({ created: 0, updated: 2, failed: 0 });
    const cup = await product('tea-cup');
    expect(cup.headers.get('etag')).not.toBe(headers.get('etag'));
    expect(cup.body).toMatchObject({
      title: 'Tea cup',
      brand: null,
      description: 'Blue',
      categories: [{ path: 'Cups' }],
    });
    expect(cup.body.variants).toMatchObject([
      { sku: 'CUP-3', stock: 0 },
      { sku: 'CUP-2', price: { amount: 5 } },
      { sku: 'CUP-1', title: 'One', stock: 7 },
    ]);
    expect((await product('mug')).body).toMatchObject({
      title: 'Big mug',
      status: 'published',
      variants: [{ sku: 'MUG-1' }],
    });
  });

  it('leaves when a product was published as it was, unless the line says when', async () => {
    const before = '2020-01-31T12:00:00.000Z';
    const publishedAt = async () => (await product('dated')).body.publishedAt;
    const line = { slug: 'dated', title: 'Dated', status: 'published', variants: [] };

    await imports.run([{ ...line, publishedAt: before }]);
    await imports.run([{ ...line, status: 'draft' }]);
    await imports.run([line]);
    expect(await publishedAt()).toBe(before);

    await imports.run([{ ...line, publishedAt: '2021-01-31T12:00:00.000Z' }]);
    expect(await publishedAt()).toBe('2021-01-31T12:00:00.000Z');
  });

  it('takes a product that was published by a clock less than a minute ahead, and no other', async () => {
    const now = app.clock.now();
    const line = (slug: string, seconds: number) => ({
      slug,
      title: slug,
      status: 'published',
      publishedAt: new Date(now + seconds * 1000).toISOString(),
      variants: [],
    });

    const { id, result } = await imports.watch([line('ahead', 50), line('too-far-ahead', 120)]);

    expect(result).toMatchObject({ created: 1, failed: 1 });
    expect((await product('ahead')).body.publishedAt).toBe(line('ahead', 50).publishedAt);
    expect(await imports.errors(id)).toEqual([
      { line: 2, reason: '/publishedAt must not lie in the future' },
    ]);
  });

  it('is the same when it is run again', async () => {
    const lines = Array.from({ length: 1200 }, (_, index) => ({
      title: 'Same title',
      categories: [`Many/${index % 7}`],
      variants: [{ sku: `SAME-${index}`, price }],
    }));

    const first = await imports.run(lines);
    const second = await imports.run(lines);

    expect(first).toMatchObject({ read: 1200, created: 1200, updated: 0, failed: 0 });
    expect(second).toMatchObject({ read: 1200, created: 0, updated: 1200, failed: 0 });
    expect((await product('same-title-1200')).status).toBe(200);
    expect((await product('same-title-1201')).status).toBe(404);
  });

  it('tells the planner how the tables grow under it', async () => {
    const { app: fresh, imports: first } = await startForImports();
    const known = async () =>
      (await fresh.database.query(`SELECT reltuples FROM pg_class WHERE relname = 'product_categories'`))[0]
        .reltuples;
    const before = await known();

    await first.run(
      Array.from({ length: 1500 }, (_, index) => ({
        title: 'Growing',
        categories: ['Growing'],
        variants: [{ sku: `GROWING-${index}`, price }],
      })),
    );

    const after = await known();
    await fresh.close();
    expect(before).toBeLessThanOrEqual(0);
    expect(after).toBeGreaterThanOrEqual(500);
  });

  it('reports each wrong line with its number and reason, and keeps the others', async () => {
    await imports.run([
      { slug: 'taken', title: 'Taken', variants: [{ sku: 'T-1', price }] },
      { slug: 'other', title: 'Other', variants: [{ sku: 'T-2', price }] },
    ]);

    const { id, result } = await imports.watch([
      { slug: 'good', title: 'Good', variants: [{ sku: 'G-1', price }] },
      '{broken',
      { title: 7, variants: [{ sku: 'G-2', price: { amount: 1.5, currency: 'XYZ' } }] },
      '',
      { slug: 'twice', title: 'Twice', variants: [{ sku: 'G-1', price }] },
      {
        title: 'Two owners',
        variants: [
          { sku: 'T-1', price },
          { sku: 'T-2', price },
        ],
      },
      { slug: 'other', title: 'Slug of another', variants: [{ sku: 'T-1', price }] },
      { title: 'No variants' },
      { title: 'Path', categories: ['A//B'], variants: [] },
      {
        title: 'Currency',
        variants: [
          { sku: 'C-1', price },
          { sku: 'C-2', price: { amount: 1, currency: 'USD' } },
        ],
      },
      { slug: 'taken', title: 'Dollars', variants: [{ sku: 'T-3', price: { amount: 1, currency: 'USD' } }] },
      { slug: 'last', title: 'Last', variants: [] },
    ]);

    const { text, headers } = await app.get(`/v1/catalog/imports/${id}/errors`, { token });
    expect(result).toMatchObject({ status: 'completed', read: 11, created: 2, updated: 0, failed: 9 });
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { line: 2, reason: 'The line is not JSON that we accept.' },
      { line: 3, reason: expect.stringMatching(/^\/title must .*; \/variants\/0\/price\/amount must be an integer number; \/variants\/0\/price\/currency must be a currency code/) }, // prettier-ignore
      { line: 5, reason: 'The SKU "G-1" is on line 1 already.' },
      { line: 6, reason: 'The SKUs "T-1" and "T-2" belong to different products.' },
      { line: 7, reason: 'The slug "other" is taken by another product than the SKU "T-1".' },
      { line: 8, reason: '/variants must be a list, which may be empty' },
      { line: 9, reason: expect.stringMatching(/^\/categories\/0 must be names/) },
      { line: 10, reason: '/variants/1/price/currency must be EUR, as for the other variants' },
      {
        line: 11,
        reason: '/variants/0/price/currency must be EUR, as for the other variants of the product',
      },
    ]);
  });

  it('refuses a change of currency that would leave the number of a former price as it was', async () => {
    const [euros, yen] = ['EUR', 'JPY'].map((currency) => ({ amount: 1999, currency }));
    const former = { amount: 2499, currency: 'EUR' };
    const line = (money: object | undefined, compareAtPrice?: object | null) => ({
      slug: 'reduced',
      title: 'Reduced',
      variants: [
        { sku: 'RE-1', price: money },
        { sku: 'RE-2', price: money, compareAtPrice },
      ],
    });
    await imports.run([line(euros, former)]);

    const { id, result } = await imports.watch([line(yen)]);

    expect(result).toMatchObject({ updated: 0, failed: 1 });
    expect(await imports.errors(id)).toEqual([
      {
        line: 1,
        reason:
          '/variants/1/compareAtPrice must be given anew, or be null: the one that the variant has is in EUR',
      },
    ]);
    expect((await product('reduced')).body.variants).toMatchObject([
      { price: euros },
      { price: euros, compareAtPrice: former },
    ]);

    expect(await imports.run([line(yen, null)])).toMatchObject({ updated: 1, failed: 0 });
    expect(await imports.run([line(euros)])).toMatchObject({ updated: 1, failed: 0 });
    expect(await imports.run([line(yen, { amount: 3000, currency: 'JPY' })])).toMatchObject({ updated: 1 });
    expect(await imports.run([line(euros, { amount: 2000, currency: 'EUR' })])).toMatchObject({ updated: 1 });
  });

  it('takes lines of one file that name the same product one after the other', async () => {
    const result = await imports.run([
      { slug: 'sofa', title: 'Sofa', variants: [{ sku: 'SOFA-1', price }] },
      { slug: 'sofa', title: 'Sofa', variants: [{ sku: 'SOFA-2', price }] },
      { slug: 'sofa', title: 'Sofa bed', variants: [] },
    ]);

    expect(result).toMatchObject({ created: 1, updated: 2, failed: 0 });
    expect((await product('sofa')).body).toMatchObject({
      title: 'Sofa bed',
      variants: [{ sku: 'SOFA-2' }, { sku: 'SOFA-1' }],
    });
  });
});

describe('the route for imports', () => {
  it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded'])(
    'refuses %s with 415',
    async (type) => {
      const answer = await app.post('/v1/catalog/imports', '{}', {
        token,
        headers: { 'content-type': type },
      });

      expect(answer.status).toBe(415);
    },
  );

  it('is the only one that takes NDJSON', async () => {
    const headers = { 'content-type': 'application/x-ndjson' };

    expect((await app.post('/v1/products', '{}', { token, headers })).status).toBe(415);
  });

  it('refuses more than IMPORT_MAX_SIZE with 413, and keeps nothing of it', async () => {
    const small = await startTestApp({ IMPORT_MAX_SIZE: '1' });
    const editor = await small.signIn('editor');
    const line = `${JSON.stringify({ title: 'x'.repeat(100), variants: [] })}\n`;

    const answer = await importer(small, editor).post(line.repeat(10_000));

    const rows = await small.database.query(
      'SELECT status, (SELECT count(*)::integer FROM import_chunks) AS chunks FROM imports',
    );
    await small.close();
    expect(answer.status).toBe(413);
    expect(rows).toEqual([{ status: 'discarded', chunks: 0 }]);
  });

  it('takes a body that comes for longer than REQUEST_TIMEOUT, as long as something comes', async () => {
    const hurried = await startTestApp({ REQUEST_TIMEOUT: '1', HEADERS_TIMEOUT: '1' });
    const sending = request(`${hurried.url}/v1/catalog/imports`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await hurried.signIn('editor')}`,
        'content-type': 'application/x-ndjson',
      },
    });
    const answered = once(sending, 'response');
    const begin = performance.now();

    await until(() => {
      sending.write('{"title":"Slow","variants":[]}\n');
      return performance.now() - begin > 2000;
    }, 10_000);
    sending.end();
    const [answer]: IncomingMessage[] = await answered;

    answer?.resume();
    await hurried.close();
    expect(answer?.statusCode).toBe(202);
  });

  it('knows no other import', async () => {
    const id = '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11';

    expect((await app.get(`/v1/catalog/imports/${id}`, { token })).status).toBe(404);
    expect((await app.get(`/v1/catalog/imports/${id}/errors`, { token })).status).toBe(404);
  });
});

describe('what is left of imports', () => {
  it('is forgotten 30 days after their end, and an hour after their body stopped coming', async () => {
    const { id: finished } = await imports.watch(['{"title":"x"}']);
    const abandoned = await app.nest.get(ImportStore).open(null, null);
    await app.nest
      .get(ImportStore)
      .stage(abandoned, 0, { lines: [1], texts: [Buffer.from('{}')], faults: [] });
    const clean = () => app.nest.get(ImportHousekeeping).clean();
    const states = async () =>
      Object.fromEntries(
        (await app.database.query('SELECT id, status FROM imports')).map(
          ({ id, status }: { id: string; status: string }) => [id, status],
        ),
      );

    app.clock.advance({ minutes: 59 });
    await clean();
    const early = await states();
    app.clock.advance({ minutes: 2 });
    await clean();
    const late = await states();
    app.clock.advance({ days: 30 });
    await clean();

    expect(early).toMatchObject({ [finished]: 'completed', [abandoned]: 'receiving' });
    expect(late).toMatchObject({ [finished]: 'completed', [abandoned]: 'discarded' });
    expect(await states()).toEqual({});
    expect(
      await app.database.query('SELECT 1 FROM import_chunks UNION ALL SELECT 1 FROM import_errors'),
    ).toEqual([]);
  });
});
