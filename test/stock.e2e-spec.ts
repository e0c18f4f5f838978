import { Readable } from 'node:stream';
import { ImportReceiver } from '../src/catalog/imports/staging/import-receiver.js';
import { startTestApp, type TestApp } from './support/app.js';
import { importer } from './support/importer.js';
import { until } from './support/process.js';

let app: TestApp;
let token: string;
let editorId: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
  editorId = (await app.get('/v1/users/me', { token })).body.id;
});

afterAll(() => app.close());

const UNKNOWN_ID = '019dd1a5-0c5c-7d0e-9f3a-000000000000';
// What looks like a stock in a text must not be taken for one.
const TRAP = 'x","stock":7,"updatedAt":"{"id":"';
let made = 0;

/** A published product with a variant for each of these stocks. */
async function productWith(...stocks: number[]): Promise<any> {
  const slug = `stocked-${++made}`;
  const variants = stocks.map((stock, index) => ({
    sku: `${slug}-${index}-${TRAP}`,
    title: TRAP,
    price: { amount: 100, currency: 'EUR' },
    options: { stock: '9', '","stock":8': TRAP },
    stock,
  }));
  const attributes = { inStock: true, updatedAt: '2020', stock: 5, [TRAP]: [TRAP] };
  const body = { title: TRAP, slug, description: TRAP, status: 'published', attributes, variants };
  return (await app.post('/v1/products', body, { token })).body;
}

async function read(id: string): Promise<any> {
  return (await app.get(`/v1/products/${id}`)).body;
}

function adjust(variantId: string, delta: unknown, reason: unknown = 'Sold in the shop') {
  return app.post(`/v1/variants/${variantId}/stock`, { delta, reason }, { token });
}

function history(variantId: string, query = '') {
  return app.get(`/v1/variants/${variantId}/stock${query}`, { token });
}

describe('POST /v1/variants/{id}/stock', () => {
  it('answers with the new stock, and with the new ETag of the product', async () => {
    const product = await productWith(5);

    const { status, headers, body } = await adjust(product.variants[0].id, -2);

    expect({ status, body, etag: headers.get('etag') }).toEqual({
      status: 200,
      body: { stock: 3 },
      etag: (await app.get(`/v1/products/${product.id}`)).headers.get('etag'),
    });
    expect(headers.get('etag')).toMatch(/^"2\./);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('shows it in the product at once, and changes nothing else there', async () => {
    const product = await productWith(5, 6, 7);
    app.clock.advance({ seconds: 5 });
    const path = `/v1/products/${product.id}`;
    const known = (await app.get(path)).headers.get('etag') ?? '';

    await adjust(product.variants[1].id, 94);

    const answer = await app.get(path, { headers: { 'if-none-match': known } });
    const variants = product.variants.with(1, { ...product.variants[1], stock: 100 });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toMatch(/^"2\./);
    expect(answer.body).toEqual({ ...product, variants, updatedAt: answer.body.updatedAt });
    expect(Date.parse(answer.body.updatedAt) - Date.parse(product.updatedAt)).toBeGreaterThanOrEqual(5000);
  });

  it('leaves the very document that writing it anew would make', async () => {
    const product = await productWith(5, 0);
    await adjust(product.variants[0].id, -5);
    const renewed = await app.get(`/v1/products/${product.slug}`);

    const patched = await app.patch(
      `/v1/products/${product.id}/variants/${product.variants[0].id}`,
      {},
      { token },
    );

    const written = await app.get(`/v1/products/${product.slug}`);
    expect(patched.status).toBe(200);
    expect(written.text.replace(/"updatedAt":"[^"]*"/, '')).toBe(
      renewed.text.replace(/"updatedAt":"[^"]*"/, ''),
    );
  });

  it('takes a product out of stock with the last piece of its last variant, and back', async () => {
    const product = await productWith(1, 1);
    const [first, second] = product.variants;
    const listed = async (inStock: boolean) =>
      (await app.get(`/v1/products?inStock=${inStock}&limit=100`)).body.items.some(
        ({ id }: any) => id === product.id,
      );

    await adjust(first.id, -1);
    const half = [(await read(product.id)).inStock, await listed(true), await listed(false)];
    await adjust(second.id, -1);
    const none = [(await read(product.id)).inStock, await listed(true), await listed(false)];
    await adjust(first.id, 10);
    const again = [(await read(product.id)).inStock, await listed(true), await listed(false)];

    expect({ half, none, again }).toEqual({
      half: [true, true, false],
      none: [false, false, true],
      again: [true, true, false],
    });
  });

  it('refuses what would leave less than none with 409, and says how many there are', async () => {
    const product = await productWith(2);

    const { status, body } = await adjust(product.variants[0].id, -3);

    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'conflict',
      detail: 'The stock is 2.',
      errors: [{ pointer: '/delta', detail: 'would leave less than none' }],
    });
    expect(await read(product.id)).toEqual(product);
    expect((await history(product.variants[0].id)).body.items).toEqual([]);
  });

  it('refuses what would leave more than a variant can have with 409', async () => {
    const product = await productWith(1_000_000_000);

    expect(await adjust(product.variants[0].id, 1)).toMatchObject({
      status: 409,
      body: { errors: [{ pointer: '/delta', detail: 'would leave more than 1000000000' }] },
    });
  });

  it.each([
    [{}, ['/delta', '/reason']],
    [{ delta: 0, reason: 'x' }, ['/delta']],
    [{ delta: 1.5, reason: 'x' }, ['/delta']],
    [{ delta: '1', reason: 'x' }, ['/delta']],
    [{ delta: null, reason: 'x' }, ['/delta']],
    [{ delta: 1_000_000_001, reason: 'x' }, ['/delta']],
    [{ delta: -1_000_000_001, reason: 'x' }, ['/delta']],
    [{ delta: 1, reason: '' }, ['/reason']],
    [{ delta: 1, reason: ' ' }, ['/reason']],
    [{ delta: 1, reason: 'x'.repeat(201) }, ['/reason']],
    [{ delta: 1, reason: 5 }, ['/reason']],
    [{ delta: 1, reason: 'x', stock: 5 }, ['/stock']],
  ])('refuses %j with 422', async (body, pointers) => {
    const product = await productWith(5);

    const answer = await app.post(`/v1/variants/${product.variants[0].id}/stock`, body, { token });

    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ pointer }: any) => pointer)).toEqual(pointers);
    expect(await read(product.id)).toEqual(product);
  });

  it('takes a reason of 200 characters', async () => {
    const product = await productWith(5);

    expect((await adjust(product.variants[0].id, 1, 'ß'.repeat(200))).status).toBe(200);
  });

  it.each([UNKNOWN_ID, 'no-id', '%00'])('answers 404 to %s', async (id) => {
    expect((await adjust(id, 1)).status).toBe(404);
    expect((await history(id)).status).toBe(404);
  });

  it('lets an editor who has not seen the sale overwrite nothing: 412', async () => {
    const product = await productWith(5);
    await adjust(product.variants[0].id, -1);

    const answer = await app.patch(
      `/v1/products/${product.id}`,
      { title: 'Seen before the sale' },
      { token, headers: { 'if-match': '"1"' } },
    );

    expect(answer.status).toBe(412);
  });
});

describe('GET /v1/variants/{id}/stock', () => {
  it('lists every change, newest first, with who made it, when and why', async () => {
    const product = await productWith(5);
    const { id } = product.variants[0];
    await adjust(id, -2, 'Sold');
    app.clock.advance({ seconds: 1 });
    await adjust(id, 10, 'Delivery 17');

    const { status, body } = await history(id);

    expect(status).toBe(200);
    expect(body.nextCursor).toBeNull();
    expect(body.items).toEqual([
      { id: expect.any(String), delta: 10, stockAfter: 13, reason: 'Delivery 17', userId: editorId, importId: null, createdAt: expect.any(String) }, // prettier-ignore
      { id: expect.any(String), delta: -2, stockAfter: 3, reason: 'Sold', userId: editorId, importId: null, createdAt: expect.any(String) }, // prettier-ignore
    ]);
    expect(Date.parse(body.items[0].createdAt)).toBeGreaterThan(Date.parse(body.items[1].createdAt));
  });

  it('also shows a stock that was set by a change of the variant', async () => {
    const product = await productWith(5);
    const { id } = product.variants[0];

    await app.patch(`/v1/products/${product.id}/variants/${id}`, { stock: 12 }, { token });
    await app.patch(`/v1/products/${product.id}/variants/${id}`, { title: 'Same stock' }, { token });

    expect((await history(id)).body.items).toMatchObject([
      { delta: 7, stockAfter: 12, reason: 'Set to 12', userId: editorId },
    ]);
  });

  it('also shows a stock that an import has set, with the import and who sent it', async () => {
    const product = await productWith(5, 6, 7, 8);
    const [one, two, three, four] = product.variants;
    const price = { amount: 100, currency: 'EUR' };
    const line = {
      title: 'Imported',
      variants: [
        { sku: one.sku, price, stock: 12 },
        { sku: two.sku, price, stock: 6 },
        { sku: three.sku, price },
        { sku: `${one.sku}-new`, price, stock: 9 },
      ],
    };

    const { id, result } = await importer(app, token).watch([line]);

    const { variants } = await read(product.id);
    const changes = await Promise.all(
      variants.map(async (variant: any) => (await history(variant.id)).body.items),
    );
    expect(result).toMatchObject({ updated: 1, failed: 0 });
    expect(variants.map(({ stock }: any) => stock)).toEqual([12, 6, 7, 9, 8]);
    expect(variants[4].id).toBe(four.id);
    expect(changes).toEqual([
      [{ id: expect.any(String), delta: 7, stockAfter: 12, reason: `Set to 12 by import ${id}`, userId: editorId, importId: id, createdAt: expect.any(String) }], // prettier-ignore
      [],
      [],
      [],
      [],
    ]);
  });

  it('has no gap where sales and imports change the same stock at once', async () => {
    const { id: productId, slug, variants } = await productWith(1000);
    const [{ id, sku }] = variants;
    const price = { amount: 100, currency: 'EUR' };
    const imports = importer(app, token);

    for (let round = 0; round < 5; round++) {
      const line = { slug, title: 'x', variants: [{ sku, price, stock: 500 + round }] };
      const [{ status }, ...sales] = await Promise.all([
        imports.post(JSON.stringify(line)),
        ...Array.from({ length: 10 }, () => adjust(id, -1)),
      ]);
      expect([status, ...sales.map((sale) => sale.status)]).toEqual([202, ...Array(10).fill(200)]);
    }
    await until(async () => (await history(id, '?limit=100')).body.items.length === 55, 20_000);

    const changes: any[] = (await history(id, '?limit=100')).body.items.toReversed();
    const before = changes.map(({ stockAfter, delta }) => stockAfter - delta);
    expect(before).toEqual([1000, ...changes.slice(0, -1).map(({ stockAfter }) => stockAfter)]);
    expect((await read(productId)).variants[0].stock).toBe(changes.at(-1).stockAfter);
  });

  it('names nobody for an import by command', async () => {
    const { variants } = await productWith(5);
    const [{ id: variantId, sku }] = variants;
    const line = { title: 'x', variants: [{ sku, price: { amount: 1, currency: 'EUR' }, stock: 0 }] };

    const importId = await app.nest.get(ImportReceiver).receive({
      body: Readable.from([Buffer.from(JSON.stringify(line))]),
      format: 'ndjson',
      currency: 'EUR',
      source: 'file',
      userId: null,
    });
    await until(async () => (await history(variantId)).body.items.length > 0, 10_000);

    expect((await history(variantId)).body.items).toMatchObject([
      { delta: -5, stockAfter: 0, reason: `Set to 0 by import ${importId}`, userId: null, importId },
    ]);
  });

  it('keeps no change of a product that an import could not write', async () => {
    const { slug, variants } = await productWith(5);
    const { id, sku } = variants[0];
    const line = { title: 'x', slug, variants: [{ sku, price: { amount: 1, currency: 'EUR' }, stock: 1 }] };
    // The history is written first, then the database refuses the variant.
    await app.database.query(
      `ALTER TABLE variants ADD CONSTRAINT refused CHECK (sku <> '${sku}' OR stock = 5)`,
    );

    const { result } = await importer(app, token).watch([line]);

    expect(result).toMatchObject({ updated: 0, failed: 1 });
    expect((await history(id)).body.items).toEqual([]);
    await app.database.query('ALTER TABLE variants DROP CONSTRAINT refused');
  });

  it('goes by pages that neither repeat nor lose a change', async () => {
    const { variants } = await productWith(0);
    const { id } = variants[0];
    for (let delta = 1; delta <= 7; delta++) {
      await adjust(id, delta);
    }

    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await history(id, `?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ delta }: any) => delta));
      cursor = body.nextCursor;
    }

    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  it.each(['?limit=0', '?limit=101', '?limit=x', '?nonsense=1'])('refuses %s with 422', async (query) => {
    const { variants } = await productWith(1);

    expect((await history(variants[0].id, query)).status).toBe(422);
  });

  it('refuses a damaged cursor, and that of another variant, with 400', async () => {
    const { variants } = await productWith(5, 5);
    await adjust(variants[0].id, 1);
    await adjust(variants[0].id, 1);
    const { nextCursor } = (await history(variants[0].id, '?limit=1')).body;

    expect((await history(variants[0].id, `?cursor=${nextCursor}`)).body.items).toHaveLength(1);
    expect((await history(variants[1].id, `?cursor=${nextCursor}`)).status).toBe(400);
    expect((await history(variants[0].id, `?cursor=${nextCursor.slice(1)}`)).status).toBe(400);
  });
});
