import { startTestApp, type TestApp } from './support/app.js';

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
});

afterAll(() => app.close());

function times<Result>(count: number, run: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => run(index)));
}

/** Makes each row that is written to a table take a while, so that writers meet for sure. */
async function whileSlow<Result>(table: string, run: () => Promise<Result>): Promise<Result> {
  await app.database.query(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(0.02); RETURN new; END'`);
  await app.database.query(
    `CREATE TRIGGER dawdle BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION dawdle()`,
  );
  try {
    return await run();
  } finally {
    await app.database.query('DROP FUNCTION dawdle CASCADE');
  }
}

async function create(body: object): Promise<any> {
  return (await app.post('/v1/products', body, { token })).body;
}

/** What stands before the dot of a product's ETag. */
function revisionOf(headers: Headers): number {
  return Number.parseInt(headers.get('etag')?.slice(1) ?? '', 10);
}

describe('many at once', () => {
  it('change a product with the same If-Match: one gets 200, all others 412', async () => {
    const { id } = await create({ title: 'Fought over' });

    const answers = await times(8, (index) =>
      app.patch(`/v1/products/${id}`, { title: `By ${index}` }, { token, headers: { 'if-match': '"1"' } }),
    );

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    const now = await app.get(`/v1/products/${id}`, { token });
    expect(now.text).toBe(winner?.text);
    expect(now.headers.get('etag')).toBe(winner?.headers.get('etag'));
    expect(now.headers.get('etag')).toMatch(/^"2\./);
  });

  it('create products with the same title: all get 201, each its own slug', async () => {
    const answers = await times(8, () => app.post('/v1/products', { title: 'Same title' }, { token }));

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(answers.map(({ body }) => body.slug).toSorted()).toEqual([
      'same-title',
      'same-title-2',
      'same-title-3',
      'same-title-4',
      'same-title-5',
      'same-title-6',
      'same-title-7',
      'same-title-8', // prettier-ignore
    ]);
  });

  it('create products with the same slug: one gets 201, all others 409', async () => {
    const answers = await times(6, () => app.post('/v1/products', { title: 'x', slug: 'raced' }, { token }));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('create products with the same SKUs in other orders: one gets 201, all others 409, and none waits in a circle', async () => {
    const skus = Array.from({ length: 8 }, (_, index) => `race-${index}`);

    const answers = await whileSlow('variants', () =>
      times(4, (index) => {
        const order = index % 2 === 0 ? skus : skus.toReversed();
        const variants = order.map((sku) => ({ sku, price: { amount: 1, currency: 'EUR' } }));
        return app.post('/v1/products', { title: 'y', slug: `racer-${index}`, variants }, { token });
      }),
    );

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
  });

  it('add variants to one product: none is lost, each gets its own revision', async () => {
    const { id } = await create({ title: 'Growing' });

    const answers = await times(8, (index) =>
      app.post(
        `/v1/products/${id}/variants`,
        { sku: `grow-${index}`, price: { amount: 1, currency: 'EUR' } },
        { token },
      ),
    );

    expect(answers.map(({ headers }) => revisionOf(headers)).toSorted((a, b) => a - b)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    const { body, headers } = await app.get(`/v1/products/${id}`, { token });
    expect(body.variants).toHaveLength(8);
    expect(revisionOf(headers)).toBe(9);
  });

  it('give a product without variants two currencies: one wins', async () => {
    const { id } = await create({ title: 'Undecided' });

    const answers = await times(6, (index) => {
      const currency = index % 2 === 0 ? 'EUR' : 'USD';
      return app.post(
        `/v1/products/${id}/variants`,
        { sku: `money-${index}`, price: { amount: 1, currency } },
        { token },
      );
    });

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 422, 422, 422]);
    const { body } = await app.get(`/v1/products/${id}`, { token });
    expect(new Set(body.variants.map(({ price }: any) => price.currency)).size).toBe(1);
  });

  it('move and rename a category while products are made below it: every document shows the last path', async () => {
    const one = (await app.post('/v1/categories', { name: 'One' }, { token })).body;
    const two = (await app.post('/v1/categories', { name: 'Two' }, { token })).body;
    const moving = (await app.post('/v1/categories', { name: 'Moving', parentId: one.id }, { token })).body;
    const leaf = (await app.post('/v1/categories', { name: 'Leaf', parentId: moving.id }, { token })).body;

    const [products, moves] = await whileSlow('product_documents', () =>
      Promise.all([
        times(12, (index) =>
          app.post(
            '/v1/products',
            { title: `Rider ${index}`, status: 'published', categories: [leaf.id] },
            { token },
          ),
        ),
        times(6, (index) =>
          app.patch(
            `/v1/categories/${moving.id}`,
            { parentId: index % 2 === 0 ? two.id : one.id, name: `Moving ${index}` },
            { token },
          ),
        ),
      ]),
    );

    expect(new Set(products.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(moves.map(({ status }) => status))).toEqual(new Set([200]));
    const { path, ancestors } = (await app.get(`/v1/categories/${leaf.id}`)).body;
    const paths = await times(
      12,
      async (index) => (await app.get(`/v1/products/rider-${index}`)).body.categories[0].path,
    );
    expect(new Set(paths)).toEqual(new Set([path]));
    const totals = await Promise.all(
      ['one', 'two'].map(
        async (slug) => (await app.get(`/v1/products?category=${slug}&count=true`)).body.total,
      ),
    );
    expect(totals).toEqual(ancestors[0].id === one.id ? [12, 0] : [0, 12]);
  });

  it('move two categories below each other: no cycle comes of it', async () => {
    const left = (await app.post('/v1/categories', { name: 'Left' }, { token })).body;
    const right = (await app.post('/v1/categories', { name: 'Right' }, { token })).body;

    const answers = await Promise.all([
      app.patch(`/v1/categories/${left.id}`, { parentId: right.id }, { token }),
      app.patch(`/v1/categories/${right.id}`, { parentId: left.id }, { token }),
    ]);

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  it('read a product while it is renamed: every answer is whole, and its ETag is its own', async () => {
    const { id } = await create({ title: 'Version 1', status: 'published' });
    const reads = times(40, () => app.get(`/v1/products/${id}`));
    for (let version = 2; version <= 10; version++) {
      await app.patch(
        `/v1/products/${id}`,
        { title: `Version ${version}` },
        { token, headers: { 'if-match': '*' } },
      );
    }

    for (const { status, headers, body } of await reads) {
      expect({ status, title: body.title }).toEqual({
        status: 200,
        title: `Version ${revisionOf(headers)}`,
      });
    }
  });
});
