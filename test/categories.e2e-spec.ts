import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
});

afterAll(() => app.close());

const UNKNOWN_ID = '019dd1a5-0c5c-7d0e-9f3a-000000000000';

function create(body: unknown) {
  return app.post('/v1/categories', body, { token });
}

/** Makes one below the other, and answers with the last. */
async function chain(...names: string[]): Promise<any> {
  let category: any = { id: null };
  for (const name of names) {
    category = (await create({ name, parentId: category.id })).body;
  }
  return category;
}

function patch(id: string, body: unknown, headers: Record<string, string> = {}) {
  return app.patch(`/v1/categories/${id}`, body, { token, headers });
}

async function read(idOrSlug: string): Promise<any> {
  return (await app.get(`/v1/categories/${idOrSlug}`)).body;
}

async function productIn(title: string, ...categories: string[]): Promise<any> {
  return (await app.post('/v1/products', { title, status: 'published', categories }, { token })).body;
}

async function placesOf(id: string): Promise<string[]> {
  return (await app.get(`/v1/products/${id}`)).body.categories.map(({ path }: { path: string }) => path);
}

describe('POST /v1/categories', () => {
  it('answers 201 with the category, its address and its ETag', async () => {
    const parent = (await create({ name: 'Größen & Maße' })).body;

    const { status, headers, body } = await create({
      name: 'XXL',
      parentId: parent.id,
      description: 'Big.',
      position: 7,
    });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/categories/${body.id}`);
    expect(headers.get('etag')).toMatch(/^"1\./);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      parentId: parent.id,
      slug: 'xxl',
      name: 'XXL',
      path: 'Größen & Maße/XXL',
      description: 'Big.',
      position: 7,
      productCount: 0,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: body.createdAt,
      children: [],
      ancestors: [{ id: parent.id, slug: 'grossen-masse', name: 'Größen & Maße' }],
    });
  });

  it('makes a slug from the name, with a number where it is taken', async () => {
    const one = await chain('Women', 'Coats');
    const two = await chain('Men', 'Coats');
    const three = await chain('子供');

    expect([one.slug, two.slug, three.slug]).toEqual([
      'coats',
      'coats-2',
      expect.stringMatching(/^category-[0-9a-f]{12}$/),
    ]);
  });

  it('refuses a slug that is taken, and a name that a sibling has', async () => {
    const { id } = await chain('Unique', 'Only');

    expect(await create({ name: 'Other', slug: 'unique' })).toMatchObject({
      status: 409,
      body: { detail: 'The slug "unique" is taken.', errors: [{ pointer: '/slug' }] },
    });
    expect(await create({ name: 'Unique' })).toMatchObject({
      status: 409,
      body: { errors: [{ pointer: '/name' }] },
    });
    expect((await create({ name: 'Only', parentId: (await read(id)).parentId })).status).toBe(409);
    expect((await create({ name: 'Only' })).status).toBe(201);
  });

  it('takes ten levels, and refuses the eleventh', async () => {
    const tenth = await chain(
      ...Array.from({ length: 10 }, (_, level) => `Level ${level}`.padEnd(100, '界')),
    );

    const { status, body } = await create({ name: 'Too deep', parentId: tenth.id });

    expect(tenth.ancestors).toHaveLength(9);
    expect({ status, errors: body.errors }).toEqual({
      status: 422,
      errors: [{ pointer: '/parentId', detail: 'is too deep: the tree has at most 10 levels' }],
    });
  });

  it.each([
    [{}, '/name'],
    [{ name: '' }, '/name'],
    [{ name: '  ' }, '/name'],
    [{ name: 'a/b' }, '/name'],
    [{ name: 'a\tb' }, '/name'],
    [{ name: 'x'.repeat(101) }, '/name'],
    [{ name: 'x', slug: 'X' }, '/slug'],
    [{ name: 'x', slug: null }, '/slug'],
    [{ name: 'x', description: 5 }, '/description'],
    [{ name: 'x', parentId: UNKNOWN_ID }, '/parentId'],
    [{ name: 'x', parentId: 'sports' }, '/parentId'],
    [{ name: 'x', parentId: 5 }, '/parentId'],
    [{ name: 'x', position: -1 }, '/position'],
    [{ name: 'x', position: 1.5 }, '/position'],
    [{ name: 'x', position: null }, '/position'],
    [{ name: 'x', path: 'y' }, '/path'],
  ])('refuses %j with 422, and writes nothing', async (sent, pointer) => {
    const before = (await app.get('/v1/categories')).text;

    const { status, body } = await create(sent);

    expect(status).toBe(422);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect((await app.get('/v1/categories')).text).toBe(before);
  });
});

describe('GET /v1/categories', () => {
  it('answers with the tree in order, with the published products of each subtree', async () => {
    const { id: root } = await chain('Garden');
    await create({ name: 'Tools', slug: 'garden-tools', parentId: root, position: 1 });
    await create({ name: 'Seeds', slug: 'seeds', parentId: root });
    await create({ name: 'Bulbs', slug: 'bulbs', parentId: root });
    await productIn('Spade', 'garden-tools');
    await productIn('Set', 'garden-tools', 'seeds', 'garden');
    await app.post('/v1/products', { title: 'Not yet', categories: ['seeds'] }, { token });

    const { status, body, headers } = await app.get('/v1/categories');

    expect(status).toBe(200);
    expect(body.nextCursor).toBeNull();
    expect(headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    const garden = body.items.find(({ id }: { id: string }) => id === root);
    expect(garden).toMatchObject({ path: 'Garden', productCount: 2, parentId: null });
    expect(
      garden.children.map(({ slug, path, productCount, children }: any) => [
        slug,
        path,
        productCount,
        children,
      ]),
    ).toEqual([
      ['bulbs', 'Garden/Bulbs', 0, []],
      ['seeds', 'Garden/Seeds', 1, []],
      ['garden-tools', 'Garden/Tools', 2, []],
    ]);
  });

  it('sorts names of the same position without accents and case', async () => {
    const { id: parentId } = await chain('Letters');
    for (const name of ['Zebra', 'öl', 'Яблоко', 'Öl, cold', 'Apfel', 'Éclair']) {
      await create({ name, parentId });
    }

    const { children } = await read('letters');

    expect(children.map(({ name }: { name: string }) => name)).toEqual(['Apfel', 'Éclair', 'öl', 'Öl, cold', 'Zebra', 'Яблоко']); // prettier-ignore
  });
});

describe('GET /v1/categories/{idOrSlug}', () => {
  it('answers by slug and by id, with its way and its subtree', async () => {
    const leaf = await chain('Kitchen', 'Knives', 'Bread Knives');
    await productIn('Serrated', 'Kitchen/Knives/Bread Knives');

    const bySlug = await app.get('/v1/categories/knives');
    const byId = await app.get(`/v1/categories/${bySlug.body.id.toUpperCase()}`);

    expect(bySlug.headers.get('etag')).toMatch(/^"1\./);
    expect(byId.headers.get('etag')).toBe(bySlug.headers.get('etag'));
    expect(byId.body).toEqual(bySlug.body);
    expect(bySlug.body).toMatchObject({
      path: 'Kitchen/Knives',
      productCount: 1,
      children: [{ id: leaf.id, productCount: 1 }],
    });
    expect(bySlug.body.ancestors).toEqual([{ id: leaf.ancestors[0].id, slug: 'kitchen', name: 'Kitchen' }]);
  });

  it.each([UNKNOWN_ID, 'no-such', 'UPPER', '%00', 'a%2Fb'])('answers 404 to %s', async (part) => {
    expect(await app.get(`/v1/categories/${part}`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
  });
});

describe('PATCH /v1/categories/{id}', () => {
  it('changes what is sent, and keeps the rest', async () => {
    const before = (await create({ name: 'Old name', description: 'Old.', position: 3 })).body;
    app.clock.advance({ seconds: 5 });

    const { status, headers, body } = await patch(before.id, {
      description: null,
      position: 1,
      slug: 'new-slug',
    });

    expect({ status, etag: headers.get('etag') }).toEqual({
      status: 200,
      etag: expect.stringMatching(/^"2\./),
    });
    expect(body).toEqual({
      ...before,
      description: '',
      position: 1,
      slug: 'new-slug',
      updatedAt: body.updatedAt,
    });
    expect(body.updatedAt > before.updatedAt).toBe(true);
    expect((await app.get('/v1/categories/old-name')).status).toBe(301);
    expect((await patch(before.id, {})).headers.get('etag')).toBe(headers.get('etag'));
  });

  it('shows a new name in the documents of all products below, and raises their ETags', async () => {
    const leaf = await chain('Music', 'Strings', 'Guitars');
    const product = await productIn('Guitar', 'guitars');
    const [music] = leaf.ancestors;

    await patch(music.id, { name: 'Instruments' });

    const { body, headers } = await app.get(`/v1/products/${product.id}`);
    expect(body.categories).toEqual([
      { id: leaf.id, slug: 'guitars', name: 'Guitars', path: 'Instruments/Strings/Guitars' },
    ]);
    expect(headers.get('etag')).toMatch(/^"2\./);
    expect(body.updatedAt).toBe(product.updatedAt);
    expect((await read('guitars')).path).toBe('Instruments/Strings/Guitars');
  });

  it('moves a subtree, and its products with it', async () => {
    const leaf = await chain('Home', 'Lamps', 'Bulbs of Lamps');
    const target = await chain('Lighting');
    const product = await productIn('Bulb', 'Home/Lamps/Bulbs of Lamps');
    const lamps = leaf.ancestors[1];

    const { body } = await patch(lamps.id, { parentId: target.id.toUpperCase() });

    expect(body).toMatchObject({
      parentId: target.id,
      path: 'Lighting/Lamps',
      productCount: 1,
      ancestors: [{ id: target.id }],
    });
    expect(await placesOf(product.id)).toEqual(['Lighting/Lamps/Bulbs of Lamps']);
    expect((await app.get('/v1/products?category=lighting')).body.items).toHaveLength(1);
    expect((await app.get('/v1/products?category=home')).body.items).toEqual([]);
    expect((await patch(lamps.id, { parentId: null })).body).toMatchObject({
      parentId: null,
      path: 'Lamps',
      ancestors: [],
    });
    expect(await placesOf(product.id)).toEqual(['Lamps/Bulbs of Lamps']);
  });

  it('finds products by the new slug of a category above them, and by the old one', async () => {
    const leaf = await chain('Shoes', 'Boots');
    await productIn('Boot', 'boots');

    await patch(leaf.parentId, { slug: 'footwear' });

    expect((await app.get('/v1/products?category=footwear')).body.items).toHaveLength(1);
    expect((await app.get('/v1/products?category=shoes')).body.items).toHaveLength(1);
  });

  it('refuses a cycle with 409', async () => {
    const leaf = await chain('Ring', 'Ring 2', 'Ring 3');
    const [top, middle] = leaf.ancestors;

    for (const [id, parentId] of [
      [top.id, top.id],
      [top.id, middle.id],
      [top.id, leaf.id],
    ]) {
      // prettier-ignore
      const { status, body } = await patch(id, { parentId, name: 'Never' });
      expect({ status, code: body.code, pointer: body.errors[0].pointer }).toEqual({ status: 409, code: 'conflict', pointer: '/parentId' }); // prettier-ignore
    }
    expect(await read(leaf.id)).toMatchObject({ path: 'Ring/Ring 2/Ring 3' });
  });

  it('refuses a move that makes the tree too deep', async () => {
    const deep = await chain(...Array.from({ length: 8 }, (_, level) => `Deep ${level}`));
    const high = await chain('High 1', 'High 2', 'High 3');

    expect(await patch(high.ancestors[0].id, { parentId: deep.id })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/parentId' }] },
    });
    expect((await patch(high.parentId, { parentId: deep.id })).body).toMatchObject({
      productCount: 0,
      parentId: deep.id,
    });
  });

  it('refuses a name or slug that is taken, also by moving', async () => {
    const one = await chain('Left', 'Same');
    const two = await chain('Right', 'Same');

    expect((await patch(one.id, { parentId: two.parentId })).status).toBe(409);
    expect((await patch(one.parentId, { name: 'Right' })).status).toBe(409);
    expect((await patch(one.id, { slug: two.slug })).status).toBe(409);
    expect(await read(one.id)).toMatchObject({ path: 'Left/Same', slug: one.slug });
  });

  it.each([
    [{ name: null }, '/name'],
    [{ name: 'a/b' }, '/name'],
    [{ slug: null }, '/slug'],
    [{ position: null }, '/position'],
    [{ parentId: UNKNOWN_ID }, '/parentId'],
    [{ parentId: 'slug' }, '/parentId'],
    [{ children: [] }, '/children'],
    [[], ''],
  ])('refuses %j with 422', async (sent, pointer) => {
    const slug = `steady-${Math.random().toString(36).slice(2)}`;
    const before = (await create({ name: slug, slug })).body;

    const { status, body } = await patch(before.id, sent);

    expect(status).toBe(422);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect(await read(slug)).toEqual(before);
  });

  it('checks If-Match where it is sent', async () => {
    const { id } = await chain('Matched');

    expect((await patch(id, { position: 1 }, { 'if-match': '"2"' })).status).toBe(412);
    expect((await patch(id, { position: 1 }, { 'if-match': '"1"' })).status).toBe(200);
  });

  it.each([UNKNOWN_ID, 'matched'])('answers 404 to %s', async (id) => {
    expect((await patch(id, { position: 1 })).status).toBe(404);
  });
});

describe('DELETE /v1/categories/{id}', () => {
  it('takes the category from its products, which stay', async () => {
    const { id } = await chain('Fading');
    await chain('Staying');
    const product = await productIn('Survivor', 'fading', 'staying');

    const { status, text } = await app.delete(`/v1/categories/${id}`, { token });

    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect((await app.get('/v1/categories/fading')).status).toBe(404);
    expect(await placesOf(product.id)).toEqual(['Staying']);
    expect((await app.get(`/v1/products/${product.id}`)).headers.get('etag')).toMatch(/^"2\./);
    expect((await app.get('/v1/products?category=fading')).body.items).toEqual([]);
  });

  it('refuses one with children with 409', async () => {
    const { parentId } = await chain('Parent', 'Child');

    expect(await app.delete(`/v1/categories/${parentId}`, { token })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await read(parentId)).children).toHaveLength(1);
  });

  it('checks If-Match where it is sent', async () => {
    const { id } = await chain('Guarded');

    expect((await app.delete(`/v1/categories/${id}`, { token, headers: { 'if-match': '"2"' } })).status).toBe(
      412,
    );
    expect((await app.delete(`/v1/categories/${id}`, { token, headers: { 'if-match': '"1"' } })).status).toBe(
      204,
    );
  });

  it.each([UNKNOWN_ID, 'guarded'])('answers 404 to %s', async (id) => {
    expect((await app.delete(`/v1/categories/${id}`, { token })).status).toBe(404);
  });
});
