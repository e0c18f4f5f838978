import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
});

afterAll(() => app.close());

async function create(kind: 'products' | 'categories', body: object): Promise<any> {
  const answer = await app.post(`/v1/${kind}`, body, { token });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function change(kind: 'products' | 'categories', id: string, body: object): Promise<void> {
  const answer = await app.patch(`/v1/${kind}/${id}`, body, { token, headers: { 'if-match': '*' } });
  expect(answer.status).toBe(200);
}

async function outcome(path: string, sending = {}): Promise<[number, string | null]> {
  const { status, headers } = await app.get(path, sending);
  return [status, headers.get('location')];
}

describe.each(['products', 'categories'] as const)('an old slug of %s', (kind) => {
  const named = (title: string, slug: string) =>
    kind === 'products' ? { title, slug, status: 'published' } : { name: title, slug };

  it('RFC 9110 15.4.2: answers 301 to the present one', async () => {
    const { id } = await create(kind, named('Renamed', 'before'));
    await change(kind, id, { slug: 'after' });

    const answer = await app.get(`/v1/${kind}/before`);

    expect(answer.status).toBe(301);
    expect(answer.headers.get('location')).toBe(`/v1/${kind}/after`);
    expect(answer.text).toBe('');
    expect(answer.headers.get('x-request-id')).toMatch(/./);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await app.get(`/v1/${kind}/after`)).body.id).toBe(id);
  });

  it('RFC 9111 4: is asked for again by caches, because it can come to be another’s', async () => {
    const { id } = await create(kind, named('Cached', 'cached-before'));
    await change(kind, id, { slug: 'cached-after' });

    const { headers } = await app.get(`/v1/${kind}/cached-before`);

    expect(headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    expect(headers.get('etag')).toBeNull();
  });

  it('leads to the present one, however many there were between', async () => {
    const { id } = await create(kind, named('Chain', 'chain-1'));
    await change(kind, id, { slug: 'chain-2' });
    await change(kind, id, { slug: 'chain-3' });
    await change(kind, id, { slug: 'chain-4' });

    expect(await outcome(`/v1/${kind}/chain-1`)).toEqual([301, `/v1/${kind}/chain-4`]);
    expect(await outcome(`/v1/${kind}/chain-2`)).toEqual([301, `/v1/${kind}/chain-4`]);
    expect(await outcome(`/v1/${kind}/chain-3`)).toEqual([301, `/v1/${kind}/chain-4`]);
  });

  it('is the slug again when its owner takes it back', async () => {
    const { id } = await create(kind, named('There and back', 'there'));
    await change(kind, id, { slug: 'away' });
    await change(kind, id, { slug: 'there' });

    expect(await outcome(`/v1/${kind}/there`)).toEqual([200, null]);
    expect(await outcome(`/v1/${kind}/away`)).toEqual([301, `/v1/${kind}/there`]);
  });

  it('belongs to another who takes it, and to nobody when that one leaves it for good', async () => {
    const first = await create(kind, named('First owner', 'wanted'));
    await change(kind, first.id, { slug: 'left-by-first' });
    const second = await create(kind, named('Second owner', 'wanted'));

    expect((await app.get(`/v1/${kind}/wanted`)).body.id).toBe(second.id);
    await change(kind, second.id, { slug: 'left-by-second' });
    expect(await outcome(`/v1/${kind}/wanted`)).toEqual([301, `/v1/${kind}/left-by-second`]);
    await change(kind, first.id, { slug: 'left-by-second-too' });
    expect(await outcome(`/v1/${kind}/wanted`)).toEqual([301, `/v1/${kind}/left-by-second`]);
  });

  it('can be taken by a change as well', async () => {
    const first = await create(kind, named('Was first', 'taken-by-change'));
    const second = await create(kind, named('Comes second', 'comes-second'));
    await change(kind, first.id, { slug: 'was-first' });
    await change(kind, second.id, { slug: 'taken-by-change' });

    expect((await app.get(`/v1/${kind}/taken-by-change`)).body.id).toBe(second.id);
    expect(await outcome(`/v1/${kind}/comes-second`)).toEqual([301, `/v1/${kind}/taken-by-change`]);
  });

  it('answers HEAD like GET', async () => {
    const { id } = await create(kind, named('Head', 'head-before'));
    await change(kind, id, { slug: 'head-after' });

    const { status, headers } = await app.send('HEAD', `/v1/${kind}/head-before`);

    expect([status, headers.get('location')]).toEqual([301, `/v1/${kind}/head-after`]);
  });

  it('is not kept for a change that fails', async () => {
    const { id } = await create(kind, named('Stays', 'stays'));
    await create(kind, named('In the way', 'in-the-way'));

    const refused = await app.patch(
      `/v1/${kind}/${id}`,
      { slug: 'in-the-way' },
      { token, headers: { 'if-match': '*' } },
    );

    expect(refused.status).toBe(409);
    expect(await outcome(`/v1/${kind}/stays`)).toEqual([200, null]);
    expect((await app.get(`/v1/${kind}/in-the-way`)).body.id).not.toBe(id);
  });
});

describe('an old slug', () => {
  it.each(['draft', 'archived'])('of a product that is %s is there for editors only', async (status) => {
    const { id } = await create('products', { title: 'Hidden', slug: `hidden-${status}`, status });
    await change('products', id, { slug: `still-hidden-${status}` });
    const path = `/v1/products/hidden-${status}`;
    const target = `/v1/products/still-hidden-${status}`;

    expect(await outcome(path)).toEqual([404, null]);
    expect(await outcome(path, { token: await app.signIn('customer') })).toEqual([404, null]);
    expect(await outcome(path, { token })).toEqual([301, target]);
  });

  it('RFC 9111 5.2.2.5: is not kept by caches when a token asked for it', async () => {
    const { id } = await create('products', { title: 'Token', slug: 'token-before', status: 'published' });
    await change('products', id, { slug: 'token-after' });

    const { headers } = await app.get('/v1/products/token-before', { token });

    expect(headers.get('cache-control')).toBe('no-store');
    expect((await app.get('/v1/products/token-before')).headers.get('vary')).toMatch(/\bAuthorization\b/);
  });

  it('of a category that was deleted is 404', async () => {
    const { id } = await create('categories', { name: 'Short-lived', slug: 'short-lived' });
    await change('categories', id, { slug: 'soon-gone' });
    await app.delete(`/v1/categories/${id}`, { token });

    expect(await outcome('/v1/categories/short-lived')).toEqual([404, null]);
  });

  it('is made by no change of anything else', async () => {
    const { id } = await create('products', { title: 'Same slug', slug: 'same-slug', status: 'published' });
    await change('products', id, { title: 'Another title', slug: 'same-slug' });

    const rows = await app.database.query('SELECT slug FROM old_product_slugs WHERE product_id = $1', [id]);
    expect(rows).toEqual([]);
  });

  it.each(['/v1/products/never-was', '/v1/categories/never-was', '/v1/products/%00', '/v1/categories/%00'])(
    'that never was is 404: %s',
    async (path) => {
      expect((await app.get(path)).status).toBe(404);
    },
  );
});

describe('the old slug of a category as a filter of products', () => {
  const titles = ({ body }: { body: any }) => body.items.map(({ title }: any) => title);
  const list = (query: string) => app.get(`/v1/products?sort=title&${query}`);

  async function renamedCategory(name: string, titlesOfProducts: string[]): Promise<{ id: string }> {
    const { id } = await create('categories', { name, slug: `${name}-before` });
    for (const title of titlesOfProducts) {
      await create('products', { title, status: 'published', categories: [id] });
    }
    await change('categories', id, { slug: `${name}-after` });
    return { id };
  }

  it('finds the same products as the present one, with its total and facets', async () => {
    await renamedCategory('filter', ['Filter A', 'Filter B']);

    const before = await list('category=filter-before&count=true&facets=true');
    const after = await list('category=filter-after&count=true&facets=true');

    expect(titles(before)).toEqual(['Filter A', 'Filter B']);
    expect(before.body).toEqual(after.body);
    expect(before.body.total).toBe(2);
  });

  it('finds them with a search too', async () => {
    await renamedCategory('searched', ['Zither', 'Zither bow', 'Other']);

    const { body } = await app.get('/v1/products?q=zither&category=searched-before');

    expect(body.items).toHaveLength(2);
  });

  it('goes on with the pages of a walk that the change fell into', async () => {
    const { id } = await renamedCategory('walk', ['Walk A', 'Walk B', 'Walk C', 'Walk D']);
    const first = await list('category=walk-after&limit=1');
    await change('categories', id, { slug: 'walk-last' });

    const second = await list(`category=walk-after&limit=2&cursor=${first.body.nextCursor}`);
    const third = await list(`category=walk-after&limit=2&cursor=${second.body.nextCursor}`);

    expect([first, second, third].map(titles)).toEqual([['Walk A'], ['Walk B', 'Walk C'], ['Walk D']]);
    expect(third.body.nextCursor).toBeNull();
  });

  it('is answered with 304 where the products are the same', async () => {
    await renamedCategory('tagged', ['Tagged']);
    const first = await list('category=tagged-before');

    const again = await app.get('/v1/products?sort=title&category=tagged-before', {
      headers: { 'if-none-match': first.headers.get('etag') ?? '' },
    });

    expect(titles(first)).toEqual(['Tagged']);
    expect(again.status).toBe(304);
  });

  it('finds those of another category that has taken it', async () => {
    const { id } = await renamedCategory('owner', ['Old owner']);
    const { id: newOwner } = await create('categories', { name: 'New', slug: 'owner-before' });

    const empty = await list('category=owner-before');
    await create('products', { title: 'New owner', status: 'published', categories: [newOwner] });

    expect(id).not.toBe(newOwner);
    expect(titles(empty)).toEqual([]);
    expect(titles(await list('category=owner-before'))).toEqual(['New owner']);
  });
});
