import { readFileSync } from 'node:fs';
import { type TestApp, startTestApp } from './support/app.js';
import { type Service, makeService } from './support/service.js';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Record<string, Schema>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: { readonly name: string; readonly in: string }[];
  /** One content type each. */
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

const document: {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
} = JSON.parse(readFileSync('openapi.json', 'utf8'));

/** Values that no field expects, or that somebody hopes we do not expect. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  'x'.repeat(100_000),
  "'; DROP TABLE users; --",
  '%00',
  '\n\r\u2028',
  '🐌',
  '{{7*7}}${7*7}',
  [],
  [null],
  [[[]]],
  Array.from({ length: 10_000 }, () => 'x'),
  {},
  { $gt: '' },
  { toString: 'x' },
  { length: 5 },
  { amount: -1, currency: 'EUR' },
  { amount: 1e308, currency: 'EUR' },
  { amount: 1, currency: '€' },
  [{ sku: 'A', price: null }],
  '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11',
];

// These would sign the tester out; their bodies and paths are tried elsewhere.
const ENDING = new Set(['logout', 'endSessions', 'endSession', 'signUserOut']);

const operations = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  .filter(({ operation }) => !ENDING.has(operation.operationId))
  .map((route) => ({ ...route, name: `${route.method} ${route.path}` }));

describe('nothing a client sends gives a 500', () => {
  let app: TestApp;
  let token: string;
  let service: Service;
  let existing: Record<string, string>;
  beforeAll(async () => {
    app = await startTestApp();
    token = await app.signIn('admin');
    service = await makeService(app);
    const user = await app.register('target@example.com');
    const category = await app.post('/v1/categories', { name: 'Trays' }, { token });
    const product = await app.post(
      '/v1/products',
      { title: 'Tray', variants: [{ sku: 'TRAY', price: { amount: 1, currency: 'EUR' } }] },
      { token },
    );
    existing = {
      users: user,
      categories: category.body.id,
      products: product.body.id,
      variants: product.body.variants[0].id,
    };
  });
  afterAll(() => app.close());

  function fieldsOf({ requestBody }: Operation): string[] {
    const [{ schema } = { schema: {} }] = Object.values(requestBody?.content ?? {});
    const { $ref = '', properties } = schema;
    return Object.keys(
      properties ?? document.components.schemas[$ref.split('/').at(-1) ?? '']?.properties ?? {},
    );
  }

  async function isRefused(method: string, path: string, body?: Record<string, unknown>): Promise<void> {
    const answer =
      path.startsWith('/v1/oauth/') && body
        ? await service.send(path, formOf(body))
        : await app.send(method, path, { token, body, headers: { 'if-match': '*' } });
    if (answer.status >= 500) {
      throw new Error(
        `${method} ${path.slice(0, 200)} ${JSON.stringify(body)?.slice(0, 200)} → ${answer.status} ${answer.text}`,
      );
    }
  }

  it.each(operations)('in a body of $name', async ({ method, path, operation }) => {
    const target = path.replaceAll(
      /(\w+)\/\{\w+\}/g,
      (_, resource: string) => `${resource}/${existing[resource]}`,
    );
    for (const field of fieldsOf(operation)) {
      for (const value of HOSTILE) {
        await isRefused(method, target, { [field]: value });
      }
    }
    expect(app.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it.each(operations)('in the path or the query of $name', async ({ method, path, operation }) => {
    const texts = HOSTILE.filter((value) => typeof value === 'string' || typeof value === 'number').map(
      (value) => encodeURIComponent(String(value).slice(0, 3000)),
    );
    for (const text of texts) {
      await isRefused(method, path.replaceAll(/\{\w+\}/g, text || '%20'));
      for (const { name } of (operation.parameters ?? []).filter((parameter) => parameter.in === 'query')) {
        await isRefused(method, `${path.replaceAll(/\{\w+\}/g, 'x')}?${name}=${text}`);
        await isRefused(
          method,
          `${path.replaceAll(/\{\w+\}/g, 'x')}?${name}=${text}&${name}=${text}&${name}[a]=${text}`,
        );
      }
    }
    expect(app.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});

function formOf(body: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
