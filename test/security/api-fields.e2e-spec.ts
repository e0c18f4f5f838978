import type { OpenAPIObject } from '@nestjs/swagger';
import { createOpenApiDocument } from '../../src/http/openapi/document.js';
import { PASSWORD, type TestApp, startTestApp } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { importer } from '../support/importer.js';
import { inBatches } from './support/in-batches.js';
import { NO_ID, type Route, routesOf, undeclaredMembers } from './support/openapi-routes.js';

/** A line of an import that fills every field of a product that is kept. */
const LINE = {
  title: 'Arm chair',
  description: 'Oak, with arms.',
  brand: 'Oakworks',
  status: 'published',
  categories: ['Furniture/Chairs'],
  attributes: { color: 'brown', arms: 2, foldable: false, rooms: ['living', 'dining'] },
  variants: [
    {
      sku: 'CHAIR-1',
      title: 'Brown',
      price: { amount: 4900, currency: 'EUR' },
      compareAtPrice: { amount: 5900, currency: 'EUR' },
      stock: 3,
      options: { color: 'brown' },
    },
  ],
};

/** What a route has to be asked, or answers more to. */
const QUERIES: Readonly<Record<string, string>> = {
  'GET /v1/products': '?facets=true&count=true',
  'GET /v1/products/suggest': '?q=a',
};

describe('the fields that come in and go out', () => {
  let app: TestApp;
  let document: OpenAPIObject;
  let routes: Route[];
  let customer: string;
  let admin: string;
  /** An id of something that there is, by the path of the route that shows it. */
  let ids: Readonly<Record<string, string>>;
  beforeAll(async () => {
    app = await startTestApp();
    document = createOpenApiDocument(app.nest);
    routes = routesOf(document);
    customer = await app.signIn('customer');
    admin = await app.signIn('admin');
    ids = await fillTables();
  });
  afterAll(() => app.close());

  /** Makes one thing at least of all that can be read. */
  async function fillTables(): Promise<Record<string, string>> {
    const { id: importId } = await importer(app, admin).watch([LINE, { title: '' }]);
    const [product] = (await app.get('/v1/products')).body.items;
    const variantId = product.variants[0].id;
    await app.post(`/v1/variants/${variantId}/stock`, { delta: 2, reason: 'counted' }, { token: admin });
    return {
      '/v1/users/{id}': (await app.get('/v1/users/me', { token: admin })).body.id,
      '/v1/products/{id}': product.id,
      '/v1/categories/{id}': product.categories[0].id,
      '/v1/variants/{id}/stock': variantId,
      '/v1/catalog/imports/{id}': importId,
      '/v1/catalog/imports/{id}/errors': importId,
    };
  }

  /** Asks each route that reads for something that there is. */
  async function readAll(): Promise<{ route: Route; answer: Answer }[]> {
    const reading = routes.filter(({ method }) => method === 'GET');
    const answers = await inBatches(reading, ({ name, path }) => {
      const id = ids[name.replace('GET ', '')] ?? NO_ID;
      return app.get(`${path.replace(NO_ID, id)}${QUERIES[name] ?? ''}`, { token: admin });
    });
    return reading.flatMap((route, index) => {
      const answer = answers[index];
      return answer ? [{ route, answer }] : [];
    });
  }

  const routeNamed = (name: string): Route | undefined => routes.find((route) => route.name === name);

  it.each([
    ['roles', ['customer', 'admin']],
    ['role', 'admin'],
    ['isAdmin', true],
    ['status', 'active'],
    ['id', '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11'],
    ['emailVerified', true],
    ['version', 1],
    ['createdAt', '2020-01-01T00:00:00.000Z'],
    ['hash', '$argon2id$'],
    ['', ''],
  ])('API3:2023: takes no field “%s” at registration or in a profile', async (name, value) => {
    const email = `mallory-${name}@example.com`;
    const before = await app.get('/v1/users/me', { token: customer });

    const registered = await app.post('/v1/auth/register', { email, password: PASSWORD, [name]: value });
    const signedIn = await app.post('/v1/auth/login', { email, password: PASSWORD });
    const patched = await app.patch('/v1/users/me', { displayName: 'M', [name]: value }, { token: customer });
    const after = await app.get('/v1/users/me', { token: customer });

    expect([registered.status, signedIn.status, patched.status]).toEqual([422, 401, 422]);
    expect(patched.body.errors).toEqual([{ pointer: `/${name}`, detail: 'is not a known field' }]);
    expect(after.body).toEqual(before.body);
  });

  it.each(['id', 'email', 'emailVerified', 'displayName', 'version', 'password', 'updatedAt'])(
    'API3:2023: lets not even an administrator set the %s of an account',
    async (name) => {
      const id = await app.register(`target-${name}@example.com`);
      const before = await app.get(`/v1/users/${id}`, { token: admin });

      const patched = await app.patch(
        `/v1/users/${id}`,
        { status: 'disabled', [name]: 'x' },
        { token: admin },
      );
      const after = await app.get(`/v1/users/${id}`, { token: admin });

      expect(patched.status).toBe(422);
      expect(after.body).toEqual(before.body);
    },
  );

  it('API3:2023: refuses a field nobody knows on every route that takes a body', async () => {
    const taking = routes.filter(({ takesBody }) => takesBody);

    const answers = await Promise.all(
      taking.map(async ({ name, method, path, exampleBody }) => {
        const body = { ...exampleBody, unheardOf: 1 };
        const { status } = await app.send(method, path, {
          token: admin,
          body,
          headers: { 'if-match': '"1"' },
        });
        return [name, status] as const;
      }),
    );

    expect(taking.length).toBeGreaterThan(4);
    expect(answers.filter(([, status]) => status !== 422)).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'])(
    'ASVS 1.5.2: refuses the key %s in a body, at the top and within',
    async (name) => {
      const bodies = [
        `{"displayName":"M","${name}":{"polluted":true}}`,
        `{"displayName":{"${name}":{"polluted":true}}}`,
        `{"displayName":"M","${name.replace('o', '\\u006f')}":1}`,
      ];

      const answers = await Promise.all(
        bodies.map((body) => app.patch('/v1/users/me', body, { token: customer })),
      );

      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
      expect({}).not.toHaveProperty('polluted');
    },
  );

  it.each([
    '__proto__',
    '__proto__[polluted]',
    'constructor',
    'prototype',
    'toString',
    'constructor.prototype',
  ])('ASVS 1.5.2: refuses the query parameter %s', async (name) => {
    const answer = await app.get(`/v1/users?${encodeURIComponent(name)}=polluted`, { token: admin });

    expect(answer.status).toBe(422);
    expect({}).not.toHaveProperty('polluted');
  });

  it('API3:2023: sends no field that OpenAPI does not declare, on any route that reads', async () => {
    const read = await readAll();

    const undeclared = read.flatMap(({ route: { name, answerSchema }, answer: { body } }) =>
      undeclaredMembers(document, answerSchema ?? {}, body).map((pointer) => `${name} ${pointer}`),
    );

    expect(read.length).toBeGreaterThan(15);
    expect(read.map(({ route, answer }) => `${route.name} ${answer.status}`)).toEqual(
      read.map(({ route }) => `${route.name} 200`),
    );
    expect(undeclared).toEqual([]);
    // Nothing is declared of what is not there.
    expect(read.filter(({ answer }) => answer.body?.items?.length === 0)).toEqual([]);
    expect(read.find(({ route }) => route.name === 'GET /v1/products')?.answer.body).toMatchObject({
      items: [{ attributes: LINE.attributes, variants: [{ options: { color: 'brown' } }] }],
      facets: { categories: [{}, {}], brands: [{}], price: {}, attributes: expect.anything() },
    });
  });

  it('API3:2023: sends no field that OpenAPI does not declare, on the routes that change accounts', async () => {
    const email = 'declared@example.com';
    const registered = await app.post('/v1/auth/register', { email, password: PASSWORD });
    const signedIn = await app.post('/v1/auth/login', { email, password: PASSWORD, delivery: 'body' });
    const refreshed = await app.post('/v1/auth/refresh', { refreshToken: signedIn.body.refreshToken });
    const patched = await app.patch('/v1/users/me', { displayName: 'D' }, { token: customer });
    const read = await app.get(`/v1/users/${registered.body.id}`, { token: admin });
    const changed = await app.patch(
      `/v1/users/${registered.body.id}`,
      { status: 'disabled' },
      { token: admin },
    );

    const undeclared = Object.entries({
      'POST /v1/auth/register': registered,
      'POST /v1/auth/login': signedIn,
      'POST /v1/auth/refresh': refreshed,
      'PATCH /v1/users/me': patched,
      'GET /v1/users/{id}': read,
      'PATCH /v1/users/{id}': changed,
    }).flatMap(([name, { body }]) => undeclaredMembers(document, routeNamed(name)?.answerSchema ?? {}, body));

    expect(changed.body.status).toBe('disabled');
    expect(undeclared).toEqual([]);
  });

  it('API3:2023: sends no password, hash, digest, version or key, whatever is asked', async () => {
    const text = (await readAll()).map(({ answer }) => answer.text).join('\n');

    expect(text).not.toMatch(/argon2|"(password|hash|digest|version|sealed\w*|privateKey|private_key|d)":/i);
  });
});
