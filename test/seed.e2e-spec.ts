import { readFileSync } from 'node:fs';
import { DevelopmentAccounts } from '../src/seed/development-accounts.js';
import { SeedService } from '../src/seed/seed.service.js';
import { type TestApp, startTestApp } from './support/app.js';

interface Category {
  readonly name: string;
  readonly slug: string;
  readonly productCount: number;
  readonly children: Category[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly example?: unknown;
  readonly schema: { readonly example?: unknown };
}

/** The addresses of all lists, and of what has a name in the seed. */
function readsOf(openApi: string): string[] {
  const paths: Record<string, { get?: { parameters?: Parameter[] } }> = JSON.parse(openApi).paths;
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const parameters = (get?.parameters ?? []).map((one) => ({
      ...one,
      value: one.example ?? one.schema.example,
    }));
    const filled = parameters
      .filter((one) => one.in === 'path')
      .reduce((text, { name, value }) => text.replace(`{${name}}`, String(value)), path);
    const query = parameters
      .filter(
        (one) =>
          one.in === 'query' &&
          !['', '[]', '{}', undefined].includes(JSON.stringify(one.value)?.replace(/^""$/, '')),
      )
      .map(({ name, value }) => `${name}=${encodeURIComponent(String(value))}`);
    const isThere = get !== undefined && path.startsWith('/v1/') && !/[0-9a-f]{8}-/.test(filled);
    return isThere ? [query.length > 0 ? `${filled}?${query.join('&')}` : filled] : [];
  });
}

interface Schema {
  readonly $ref?: string;
  readonly example?: unknown;
  readonly allOf?: Schema[];
  readonly items?: Schema;
  readonly properties?: Record<string, Schema>;
}

/** What Swagger UI puts into the body. */
function exampleOf(schema: Schema, schemas: Record<string, Schema>): unknown {
  const { $ref, example, allOf, items, properties } = schema;
  const named = $ref === undefined ? allOf?.[0] : schemas[$ref.split('/').at(-1) ?? ''];
  if (example !== undefined) {
    return example;
  }
  if (named) {
    return exampleOf(named, schemas);
  }
  if (items) {
    return [exampleOf(items, schemas)];
  }
  const entries = Object.entries(properties ?? {});
  return Object.fromEntries(entries.map(([name, property]) => [name, exampleOf(property, schemas)]));
}

describe('the development seed', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await app.nest.get(SeedService).seed();
  });
  afterAll(() => app.close());

  function flatten(categories: readonly Category[]): Category[] {
    return categories.flatMap((category) => [category, ...flatten(category.children)]);
  }

  it('is a shop of about 500 products in 60 categories', async () => {
    const products = await app.get('/v1/products?count=true');
    const categories = await app.get('/v1/categories');

    expect(products.body.total).toBeGreaterThan(460);
    expect(flatten(categories.body.items)).toHaveLength(60);
    expect(flatten(categories.body.items).filter(({ productCount }) => productCount === 0)).toEqual([]);
  });

  it('fills every field that a shop window shows', async () => {
    const { body } = await app.get('/v1/products?limit=100');

    for (const product of body.items) {
      expect(product).toMatchObject({ status: 'published', media: [] });
      expect(product.description.length).toBeGreaterThan(60);
      expect(product.categories.length).toBeGreaterThan(0);
      expect(product.variants.length).toBeGreaterThan(0);
      expect(product.priceRange.min.amount).toBeGreaterThan(0);
    }
  });

  // Swagger UI fills a request with the examples, and leaves out what is empty.
  it.each(readsOf(readFileSync('openapi.json', 'utf8')))(
    'answers %s, as Swagger UI sends it at first',
    async (path) => {
      const { email, password } = app.nest.get(DevelopmentAccounts).all()[0] ?? { email: '', password: '' };
      const { accessToken: token } = (await app.post('/v1/auth/login', { email, password })).body;

      expect((await app.get(path, { token })).status).toBe(200);
    },
  );

  it.each(['/v1/products', '/v1/categories'])('takes the example of POST %s as it stands', async (path) => {
    const { email, password } = app.nest.get(DevelopmentAccounts).all()[0] ?? { email: '', password: '' };
    const { accessToken: token } = (await app.post('/v1/auth/login', { email, password })).body;
    const openApi = JSON.parse(readFileSync('openapi.json', 'utf8'));
    const { schema } = openApi.paths[path].post.requestBody.content['application/json'];

    const answer = await app.post(path, exampleOf(schema, openApi.components.schemas), { token });

    expect([answer.status, answer.body.errors]).toEqual([201, undefined]);
  });

  it('makes an administrator and an editor, each with a password of this installation', async () => {
    const accounts = app.nest.get(DevelopmentAccounts).all();
    const roles = [];
    for (const { email, password } of accounts) {
      const { body } = await app.post('/v1/auth/login', { email, password });
      roles.push((await app.get('/v1/users/me', { token: body.accessToken })).body.roles);
    }

    expect(accounts.map(({ email }) => email)).toEqual(['admin@latchkey.example', 'editor@latchkey.example']);
    expect(roles).toEqual([
      ['customer', 'admin'],
      ['customer', 'editor'],
    ]);
    expect(accounts[0]?.password).not.toBe(accounts[1]?.password);
  });

  it('does nothing the second time', async () => {
    const before = await app.get('/v1/products?count=true');
    await app.nest.get(SeedService).seed();
    const after = await app.get('/v1/products?count=true');

    expect(after.body).toEqual(before.body);
  });
});
