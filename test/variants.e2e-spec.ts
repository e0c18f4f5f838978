import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
});

afterAll(() => app.close());

const UNKNOWN_ID = '019dd1a5-0c5c-7d0e-9f3a-000000000000';
let made = 0;

function euros(amount: number) {
  return { amount, currency: 'EUR' };
}

/** A published product with variants of these prices; their SKUs are `<slug>-0` and so on. */
async function productWith(...prices: number[]): Promise<any> {
  const slug = `product-${++made}`;
  const variants = prices.map((amount, index) => ({
    sku: `${slug}-${index}`,
    price: euros(amount),
    stock: 0,
  }));
  return (await app.post('/v1/products', { title: slug, slug, status: 'published', variants }, { token }))
    .body;
}

async function read(id: string): Promise<any> {
  return (await app.get(`/v1/products/${id}`)).body;
}

async function tagOf(id: string): Promise<string | null> {
  return (await app.get(`/v1/products/${id}`)).headers.get('etag');
}

function add(productId: string, body: unknown, headers: Record<string, string> = {}) {
  return app.post(`/v1/products/${productId}/variants`, body, { token, headers });
}

function patch(productId: string, id: string, body: unknown, headers: Record<string, string> = {}) {
  return app.patch(`/v1/products/${productId}/variants/${id}`, body, { token, headers });
}

function remove(productId: string, id: string, headers: Record<string, string> = {}) {
  return app.delete(`/v1/products/${productId}/variants/${id}`, { token, headers });
}

describe('POST /v1/products/{id}/variants', () => {
  it('adds a variant behind the others, and renews the product', async () => {
    const product = await productWith(500);
    app.clock.advance({ seconds: 5 });

    const { status, headers, body } = await add(product.id, {
      sku: 'added',
      title: 'Large',
      price: euros(700),
      compareAtPrice: euros(900),
      stock: 4,
      options: { size: 'L' }, // prettier-ignore
    });

    expect(status).toBe(201);
    expect(headers.get('etag')).toBe(await tagOf(product.id));
    expect(headers.get('etag')).toMatch(/^"2\./);
    expect(headers.get('location')).toBe(`/v1/products/${product.id}/variants/${body.id}`);
    expect(body).toEqual({
      id: body.id,
      sku: 'added',
      title: 'Large',
      price: euros(700),
      compareAtPrice: euros(900),
      stock: 4,
      options: { size: 'L' }, // prettier-ignore
    });
    const renewed = await read(product.id);
    expect(renewed.variants).toEqual([product.variants[0], body]);
    expect(renewed).toMatchObject({ priceRange: { min: euros(500), max: euros(700) }, inStock: true });
    expect(Date.parse(renewed.updatedAt)).toBeGreaterThan(Date.parse(product.updatedAt));
  });

  it('gives a product without variants its currency', async () => {
    const product = await productWith();

    expect((await add(product.id, { sku: 'dollars', price: { amount: 1, currency: 'USD' } })).status).toBe(
      201,
    );
    const second = await add(product.id, { sku: 'euros', price: euros(1) });

    expect(second.status).toBe(422);
    expect(second.body.errors).toEqual([
      { pointer: '/price/currency', detail: 'must be USD, as for the other variants' },
    ]);
  });

  it('refuses a SKU that is taken, naming it', async () => {
    const product = await productWith(500);

    const { status, body } = await add(product.id, { sku: product.variants[0].sku, price: euros(1) });

    expect(status).toBe(409);
    expect(body).toMatchObject({
      detail: `The SKU "${product.variants[0].sku}" is taken.`,
      errors: [{ pointer: '/sku' }],
    });
    expect((await read(product.id)).variants).toHaveLength(1);
  });

  it('refuses the 101st variant', async () => {
    const product = await productWith(...Array.from({ length: 100 }, () => 1));

    expect(await add(product.id, { sku: 'one-too-many', price: euros(1) })).toMatchObject({ status: 409 });
  });

  it.each([
    [{}, '/sku'],
    [{ sku: 'x' }, '/price'],
    [{ sku: 'x', price: euros(1), stock: 1.5 }, '/stock'],
    [
      { sku: 'x', price: euros(1), compareAtPrice: { amount: 2, currency: 'USD' } },
      '/compareAtPrice/currency',
    ],
    [{ sku: 'x', price: euros(1), options: { '': 'x' } }, '/options/'],
    [{ sku: 'x', price: euros(1), productId: UNKNOWN_ID }, '/productId'],
  ])('refuses %j with 422', async (body, pointer) => {
    const product = await productWith(500);

    const answer = await add(product.id, body);

    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect((await read(product.id)).variants).toHaveLength(1);
  });

  it('checks If-Match where it is sent', async () => {
    const product = await productWith(500);

    expect((await add(product.id, { sku: 'guarded', price: euros(1) }, { 'if-match': '"9"' })).status).toBe(
      412,
    );
    expect((await add(product.id, { sku: 'guarded', price: euros(1) }, { 'if-match': '"1"' })).status).toBe(
      201,
    );
  });

  it.each([UNKNOWN_ID, 'no-id'])('answers 404 to the product %s', async (id) => {
    expect((await add(id, { sku: 'nowhere', price: euros(1) })).status).toBe(404);
  });
});

describe('PATCH /v1/products/{id}/variants/{variantId}', () => {
  it('RFC 7396: changes what is sent, and keeps the rest', async () => {
    const product = await productWith(500, 600);
    const [variant] = product.variants;
    await patch(product.id, variant.id, {
      options: { size: 'M', color: 'red' },
      title: 'Red',
      compareAtPrice: euros(800),
    });

    const { status, headers, body } = await patch(product.id, variant.id, {
      price: { amount: 550 },
      compareAtPrice: { amount: 900 },
      options: { color: null, fit: 'slim' },
      stock: 3, // prettier-ignore
    });

    expect({ status, etag: headers.get('etag') }).toEqual({ status: 200, etag: await tagOf(product.id) });
    expect(headers.get('etag')).toMatch(/^"3\./);
    expect(body).toEqual({
      id: variant.id,
      sku: variant.sku,
      title: 'Red',
      price: euros(550),
      compareAtPrice: euros(900),
      stock: 3,
      options: { size: 'M', fit: 'slim' }, // prettier-ignore
    });
    expect(await read(product.id)).toMatchObject({ variants: [body, product.variants[1]], inStock: true });
  });

  it('RFC 7396: null removes', async () => {
    const product = await productWith(500);
    const { id, sku } = product.variants[0];
    await patch(product.id, id, { options: { size: 'M' }, title: 'Red', compareAtPrice: euros(800) });

    const { body } = await patch(product.id, id, { options: null, title: null, compareAtPrice: null });

    expect(body).toEqual({ id, sku, title: null, price: euros(500), stock: 0, options: {} });
    expect((await read(product.id)).variants).toEqual([body]);
  });

  it('changes the currency of an only variant, and of no other', async () => {
    const lone = await productWith(500);
    const paired = await productWith(500, 600);
    const dollars = { price: { amount: 500, currency: 'USD' } };

    expect((await patch(lone.id, lone.variants[0].id, dollars)).body.price).toEqual(dollars.price);
    expect((await read(lone.id)).priceRange.max).toEqual(dollars.price);
    expect(await patch(paired.id, paired.variants[0].id, dollars)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/price/currency' }] },
    });
  });

  it('refuses a SKU that is taken, and lets a variant keep its own', async () => {
    const { id, variants } = await productWith(500, 600);

    expect(await patch(id, variants[0].id, { sku: variants[1].sku })).toMatchObject({
      status: 409,
      body: { detail: `The SKU "${variants[1].sku}" is taken.` },
    });
    expect((await patch(id, variants[0].id, { sku: variants[0].sku })).status).toBe(200);
  });

  it.each([
    [{ sku: null }, '/sku'],
    [{ price: null }, '/price'],
    [{ price: { amount: null } }, '/price/amount'],
    [{ price: { amount: -1 } }, '/price/amount'],
    [{ price: { currency: 'eur' } }, '/price/currency'],
    [{ price: 5 }, '/price'],
    [{ compareAtPrice: { amount: 5 } }, '/compareAtPrice/currency'],
    [{ compareAtPrice: { currency: 'EUR' } }, '/compareAtPrice/amount'],
    [{ compareAtPrice: { amount: 5, currency: 'USD' } }, '/compareAtPrice/currency'],
    [{ stock: null }, '/stock'],
    [{ stock: -1 }, '/stock'],
    [{ options: { size: 5 } }, '/options/size'],
    [{ position: 5 }, '/position'],
    [[], ''],
  ])('refuses %j with 422, and writes nothing', async (body, pointer) => {
    const product = await productWith(500);

    const answer = await patch(product.id, product.variants[0].id, body);

    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect(await read(product.id)).toEqual(product);
  });

  it('changes nothing where nothing is to be changed', async () => {
    const product = await productWith(500);
    const before = (await app.get(`/v1/products/${product.id}`, { token })).headers.get('etag');

    const { status, headers, body } = await patch(product.id, product.variants[0].id, {});

    expect({ status, etag: headers.get('etag'), body }).toEqual({
      status: 200,
      etag: before,
      body: product.variants[0],
    });
  });

  it('checks If-Match where it is sent', async () => {
    const product = await productWith(500);

    expect(
      (await patch(product.id, product.variants[0].id, { stock: 1 }, { 'if-match': '"2"' })).status,
    ).toBe(412);
    expect(
      (await patch(product.id, product.variants[0].id, { stock: 1 }, { 'if-match': '"1"' })).status,
    ).toBe(200);
  });

  it('answers 404 to an unknown variant, and to one of another product', async () => {
    const product = await productWith(500);
    const other = await productWith(600);

    expect((await patch(product.id, UNKNOWN_ID, { stock: 1 })).status).toBe(404);
    expect((await patch(product.id, 'no-id', { stock: 1 })).status).toBe(404);
    expect((await patch(product.id, other.variants[0].id, { stock: 1 })).status).toBe(404);
    expect((await patch(UNKNOWN_ID, other.variants[0].id, { stock: 1 })).status).toBe(404);
  });
});

describe('DELETE /v1/products/{id}/variants/{variantId}', () => {
  it('removes the variant, renews the product, and frees the SKU', async () => {
    const product = await productWith(500, 600);

    const { status, headers } = await remove(product.id, product.variants[0].id);

    expect({ status, etag: headers.get('etag') }).toEqual({ status: 204, etag: await tagOf(product.id) });
    expect(headers.get('etag')).toMatch(/^"2\./);
    expect(await read(product.id)).toMatchObject({
      variants: [product.variants[1]],
      priceRange: { min: euros(600) },
    });
    expect((await add(product.id, { sku: product.variants[0].sku, price: euros(1) })).status).toBe(201);
  });

  it('leaves a product without variants neither price nor currency', async () => {
    const product = await productWith(500);

    await remove(product.id, product.variants[0].id);

    expect(await read(product.id)).toMatchObject({ variants: [], priceRange: null, inStock: false });
    expect((await add(product.id, { sku: 'now-in-yen', price: { amount: 1, currency: 'JPY' } })).status).toBe(
      201,
    );
  });

  it('checks If-Match where it is sent, and whose variant it is', async () => {
    const product = await productWith(500);
    const other = await productWith(600);

    expect((await remove(product.id, product.variants[0].id, { 'if-match': '"2"' })).status).toBe(412);
    expect((await remove(product.id, other.variants[0].id)).status).toBe(404);
    expect((await remove(product.id, UNKNOWN_ID)).status).toBe(404);
    expect((await read(product.id)).variants).toHaveLength(1);
    expect((await read(other.id)).variants).toHaveLength(1);
  });
});
