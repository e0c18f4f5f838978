import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
});

afterAll(() => app.close());

const UNKNOWN_ID = '019dd1a5-0c5c-7d0e-9f3a-000000000000';
const FULL = {
  description: 'Old.',
  brand: 'Old',
  status: 'published',
  attributes: { color: 'red', size: 5 },
  variants: [{ sku: 'full', price: { amount: 100, currency: 'EUR' }, stock: 1 }],
};

async function create(title: string, more: object = {}): Promise<any> {
  const { status, body } = await app.post('/v1/products', { title, ...more }, { token });
  expect(status).toBe(201);
  return body;
}

function patch(id: string, body: unknown, ifMatch?: string) {
  return app.patch(`/v1/products/${id}`, body, {
    token,
    ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
  });
}

describe('PATCH /v1/products/{id}', () => {
  it('changes what is sent, keeps the rest, and raises the ETag', async () => {
    const before = await create('Before', FULL);
    app.clock.advance({ seconds: 90 });

    const { status, headers, body, text } = await patch(before.id, { title: 'After', slug: 'after' }, '"1"');

    expect(status).toBe(200);
    expect(headers.get('etag')).toMatch(/^"2\./);
    expect(body).toEqual({ ...before, title: 'After', slug: 'after', updatedAt: body.updatedAt });
    expect(Date.parse(body.updatedAt) - Date.parse(before.updatedAt)).toBeGreaterThanOrEqual(90_000);
    expect((await app.get('/v1/products/after')).text).toBe(text);
    expect((await app.get('/v1/products/before')).status).toBe(301);
  });

  it('RFC 7396: null removes, attributes are merged by name, lists are replaced', async () => {
    await app.post('/v1/categories', { name: 'One' }, { token });
    await app.post('/v1/categories', { name: 'Two' }, { token });
    const { id } = await create('Merged', { ...FULL, variants: [], categories: ['one'] });

    const { body } = await patch(
      id,
      { description: null, brand: null, attributes: { color: null, tags: ['a'] }, categories: ['two'] },
      '"1"',
    );

    expect(body).toMatchObject({ description: '', brand: null, attributes: { size: 5, tags: ['a'] } });
    expect(Object.keys(body.attributes)).toHaveLength(2);
    expect(body.categories.map(({ slug }: { slug: string }) => slug)).toEqual(['two']);
    expect((await patch(id, { attributes: null, categories: null }, '*')).body).toMatchObject({
      attributes: {},
      categories: [],
    });
  });

  it('RFC 7396 3: takes application/merge-patch+json', async () => {
    const { id } = await create('Patched');

    const { status, body } = await app.patch(`/v1/products/${id}`, { title: 'Merge-patched' }, {
      token,
      headers: { 'content-type': 'application/merge-patch+json', 'if-match': '"1"' },
    }); // prettier-ignore

    expect({ status, title: body.title }).toEqual({ status: 200, title: 'Merge-patched' });
  });

  it('leaves everything as it is for an empty patch', async () => {
    const before = await create('Same');

    const { status, headers, body } = await patch(before.id, {}, '"1"');

    expect({ status, etag: headers.get('etag') }).toEqual({
      status: 200,
      etag: expect.stringMatching(/^"1\./),
    });
    expect(body).toEqual(before);
  });

  it('sets publishedAt once, when it is first published', async () => {
    const { id, publishedAt } = await create('Published twice');
    app.clock.advance({ minutes: 1 });
    const first = await patch(id, { status: 'published' }, '*');
    app.clock.advance({ minutes: 1 });
    const withdrawn = await patch(id, { status: 'draft' }, '*');
    const second = await patch(id, { status: 'published' }, '*');

    expect(publishedAt).toBeNull();
    expect(first.body.publishedAt).toBe(first.body.updatedAt);
    expect(withdrawn.body.publishedAt).toBe(first.body.publishedAt);
    expect(second.body.publishedAt).toBe(first.body.publishedAt);
  });

  it('RFC 6585 3: asks for If-Match', async () => {
    const { id } = await create('Unguarded');

    expect(await patch(id, { title: 'x' })).toMatchObject({
      status: 428,
      body: { code: 'precondition-required' },
    });
    expect((await app.get(`/v1/products/${id}`, { token })).body.title).toBe('Unguarded');
  });

  it.each(['"2"', 'W/"1"', '"0", "2"', '1', 'nonsense', '""'])(
    'RFC 9110 13.1.1: refuses If-Match: %s for the revision "1"',
    async (ifMatch) => {
      const { id } = await create('Guarded');

      expect(await patch(id, { title: 'x' }, ifMatch)).toMatchObject({
        status: 412,
        body: { code: 'precondition-failed' },
      });
      expect((await app.get(`/v1/products/${id}`, { token })).body.title).toBe('Guarded');
    },
  );

  it('RFC 9110 13.1.1: refuses the ETag of another product, and its own with a letter changed or more', async () => {
    const [product, other] = [await create('Guarded'), await create('Other')];
    const tagOf = async ({ id }: { id: string }) =>
      (await app.get(`/v1/products/${id}`, { token })).headers.get('etag') ?? '';
    const own = await tagOf(product);

    for (const tag of [await tagOf(other), own.replace(/."$/, 'z"'), own.replace(/"$/, '0"')]) {
      expect([tag, (await patch(product.id, { title: 'x' }, tag)).status]).toEqual([tag, 412]);
    }
    expect((await patch(product.id, { title: 'x' }, own)).status).toBe(200);
  });

  it.each(['"1"', '*', '"0", "1"'])(
    'RFC 9110 13.1.1: takes If-Match: %s for the revision "1"',
    async (ifMatch) => {
      const { id } = await create('Matched');

      expect((await patch(id, { title: 'x' }, ifMatch)).status).toBe(200);
    },
  );

  it('refuses a slug that is taken', async () => {
    await create('Owner', { slug: 'owned' });
    const { id } = await create('Other');

    const { status, body } = await patch(id, { title: 'New', slug: 'owned' }, '*');

    expect(status).toBe(409);
    expect(body).toMatchObject({ detail: 'The slug "owned" is taken.', errors: [{ pointer: '/slug' }] });
    expect((await app.get(`/v1/products/${id}`, { token })).body.title).toBe('Other');
  });

  it('lets a product keep its own slug', async () => {
    const { id, slug } = await create('Keeper');

    expect((await patch(id, { slug }, '*')).status).toBe(200);
  });

  it.each([
    [{ title: null }, '/title'],
    [{ title: ' ' }, '/title'],
    [{ slug: null }, '/slug'],
    [{ slug: 'No' }, '/slug'],
    [{ slug: 'suggest' }, '/slug'],
    [{ status: null }, '/status'],
    [{ status: 'sold' }, '/status'],
    [{ attributes: { a: { b: 1 } } }, '/attributes/a'],
    [{ attributes: 5 }, '/attributes'],
    [{ categories: ['nowhere'] }, '/categories/0'],
    [{ variants: [] }, '/variants'],
    [{ id: UNKNOWN_ID }, '/id'],
    [{ publishedAt: null }, '/publishedAt'],
    [[], ''],
  ])('refuses %j with 422, and writes nothing', async (body, pointer) => {
    const { id } = await create('Unchanged');

    const answer = await patch(id, body, '*');

    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect((await app.get(`/v1/products/${id}`, { token })).headers.get('etag')).toMatch(/^"1\./);
  });

  it('refuses the 51st attribute', async () => {
    const { id } = await create('Many', {
      attributes: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`a${n}`, n])),
    });

    expect((await patch(id, { attributes: { a50: 1 } }, '*')).status).toBe(422);
    expect((await patch(id, { attributes: { a0: null, a50: 1 } }, '*')).status).toBe(200);
  });

  it.each([UNKNOWN_ID, 'no-id', 'unchanged', '%00'])('answers 404 to %s', async (id) => {
    expect((await patch(id, { title: 'x' }, '*')).status).toBe(404);
    expect((await patch(id, { title: 'x' })).status).toBe(404);
  });
});

describe('DELETE /v1/products/{id}', () => {
  function archive(id: string, ifMatch?: string) {
    return app.delete(`/v1/products/${id}`, {
      token,
      ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
    });
  }

  it('archives: guests lose it, editors keep it', async () => {
    const { id } = await create('Going', { status: 'published' });

    const { status, text } = await archive(id, '"1"');

    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect((await app.get('/v1/products/going')).status).toBe(404);
    expect((await app.get('/v1/products/going', { token })).body.status).toBe('archived');
    expect(
      (await app.get('/v1/products?limit=100')).body.items.map((item: { id: string }) => item.id),
    ).not.toContain(id);
  });

  it('can be taken back by publishing again', async () => {
    const { id } = await create('Back', { status: 'published' });
    await archive(id, '"1"');

    expect((await patch(id, { status: 'published' }, '"2"')).status).toBe(200);
    expect((await app.get('/v1/products/back')).status).toBe(200);
  });

  it('needs an If-Match that matches', async () => {
    const { id } = await create('Staying', { status: 'published' });

    expect((await archive(id)).status).toBe(428);
    expect((await archive(id, '"2"')).status).toBe(412);
    expect((await app.get('/v1/products/staying')).status).toBe(200);
  });

  it.each([UNKNOWN_ID, 'no-id'])('answers 404 to %s', async (id) => {
    expect((await archive(id, '*')).status).toBe(404);
  });
});
