import { readFileSync } from 'node:fs';
import { type TestApp, startTestApp } from './support/app.js';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: string[];
  readonly security?: object[];
  readonly parameters?: { name: string; example?: unknown; schema?: { example?: unknown } }[];
  readonly requestBody?: { content: Record<string, { schema: { $ref?: string } }> };
  readonly responses: Record<
    string,
    { content?: Record<string, { schema?: { $ref?: string }; examples?: object }> }
  >;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    schemas: Record<string, { properties?: Record<string, object>; required?: string[] }>;
  };
}

// The committed document, which CI compares with the code: made by the compiler's build, with all its comments.
const document: Document = JSON.parse(readFileSync('openapi.json', 'utf8'));
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method,
    path,
    operation,
  })),
);

describe('the OpenAPI document', () => {
  describe.each(operations)('$name', ({ method, operation }) => {
    it('says what it is for', () => {
      expect(operation.summary).toMatch(/\w{2,}/);
      expect(operation.description).toMatch(/\w{2,}/);
      expect(operation.tags).toHaveLength(1);
    });

    it('says who may call it', () => {
      expect(operation.security).toBeDefined();
    });

    it('lists its success and every problem that can meet any caller', () => {
      const statuses = Object.keys(operation.responses);

      expect(statuses.some((status) => /^[23]/.test(status))).toBe(true);
      expect(statuses).toEqual(expect.arrayContaining(['429', '503']));
    });

    it('lists what a caller without a token or the role gets', () => {
      const needsToken = ['[{"bearer":[]}]', '[{"basic":[]}]'].includes(JSON.stringify(operation.security));

      expect('401' in operation.responses || !needsToken).toBe(true);
    });

    it('lists what a wrong body gets', () => {
      const statuses = Object.keys(operation.responses);

      // OAuth has no 422: what is wrong with a form is `invalid_request`, 400 (RFC 6749 5.2).
      const isForm = 'application/x-www-form-urlencoded' in (operation.requestBody?.content ?? {});
      const expected = ['400', '413', '415', ...(isForm ? [] : ['422'])];

      expect(statuses).toEqual(expect.arrayContaining(operation.requestBody ? expected : []));
      expect(operation.requestBody !== undefined && method === 'get').toBe(false);
    });

    it('gives an example of each problem and each parameter', () => {
      const problems = Object.values(operation.responses).flatMap(
        ({ content }) => content?.['application/problem+json'] ?? [],
      );
      const parameters = operation.parameters ?? [];

      expect(problems.every(({ examples }) => examples && Object.keys(examples).length > 0)).toBe(true);
      expect(
        parameters.filter(({ example, schema }) => example === undefined && schema?.example === undefined),
      ).toEqual([]);
    });
  });

  it.each(Object.entries(document.components.schemas))(
    'gives an example of each field of %s',
    (_, { properties = {} }) => {
      const missing = Object.entries(properties).filter(
        ([, property]) => !/"(example|\$ref|default)"/.test(JSON.stringify(property)),
      );

      expect(missing.map(([name]) => name)).toEqual([]);
    },
  );

  it('names each operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);

    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('Swagger UI', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('is served with a policy that runs no script but its own', async () => {
    const page = await app.get('/docs');
    const script = await app.get('/docs/swagger-ui-init.js');

    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/<script(?![^>]* src=)/);
    expect(script.status).toBe(200);
  });

  it('has every route of the document, and no other', async () => {
    const served = await app.get('/openapi.json');

    expect(Object.keys(served.body.paths).toSorted()).toEqual(Object.keys(document.paths).toSorted());
  });
});
