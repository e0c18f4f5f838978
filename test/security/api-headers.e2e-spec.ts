import { type TestApp, startTestApp } from '../support/app.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const JSON_LINES = ['Content-Type: application/json'];

describe('the headers of every answer', () => {
  let app: TestApp;
  let customer: string;
  beforeAll(async () => {
    app = await startTestApp({ CORS_ORIGINS: 'https://shop.example,https://admin.shop.example' });
    customer = await app.signIn('customer');
  });
  afterAll(() => app.close());

  /** Sends a request line, header lines and a body as they are, and reads the headers of the answer. */
  async function headersOf(
    method: string,
    path: string,
    lines: readonly string[] = [],
    body = '',
  ): Promise<{ status: number; headers: Headers }> {
    const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    const { status, head } = await sendRaw(app.url, rawRequest(method, path, [...lines, ...length]) + body);
    return { status, headers: readHeaders(head) };
  }

  const bearer = (): string[] => [`Authorization: Bearer ${customer}`];
  const ANSWERS: [string, number, () => Promise<{ status: number; headers: Headers }>][] = [
    ['a success', 200, () => headersOf('GET', '/v1/users/me', bearer())],
    ['a success without a body', 200, () => headersOf('HEAD', '/health/live')],
    ['what is open', 200, () => headersOf('GET', '/.well-known/jwks.json')],
    ['a guest refused', 401, () => headersOf('GET', '/v1/users/me')],
    ['a user refused', 403, () => headersOf('GET', '/v1/users', bearer())],
    [
      'a foreign origin refused',
      403,
      () => headersOf('POST', '/v1/auth/refresh', ['Origin: https://evil.example']),
    ],
    ['nothing found', 404, () => headersOf('GET', '/nowhere')],
    ['a method that is not there', 404, () => headersOf('TRACE', '/v1/users/me')],
    ['JSON that cannot be read', 400, () => headersOf('POST', '/v1/auth/login', JSON_LINES, '{')],
    ['values that are not allowed', 422, () => headersOf('POST', '/v1/auth/login', JSON_LINES, '{}')],
    [
      'a body of another type',
      415,
      () => headersOf('POST', '/v1/auth/login', ['Content-Type: text/plain'], 'x'),
    ],
    [
      'a body that is too large',
      413,
      () => headersOf('POST', '/v1/auth/login', JSON_LINES, 'x'.repeat(1_048_577)),
    ],
    ['an address that cannot be read', 400, () => headersOf('GET', '/v1/users/%zz')],
    ['an address that is too long', 400, () => headersOf('GET', `/v1/users/${'x'.repeat(600)}`)],
    ['headers that are too large', 431, () => headersOf('GET', '/', [`X-Large: ${'x'.repeat(20_000)}`])],
    ['what is no HTTP', 400, () => headersOf('GET', '/ \u0001')],
    [
      'a preflight from a listed origin',
      204,
      () => headersOf('OPTIONS', '/v1/users', preflight('https://shop.example')),
    ],
    [
      'a preflight from elsewhere',
      204,
      () => headersOf('OPTIONS', '/v1/users', preflight('https://evil.example')),
    ],
    ['OPTIONS of no page', 404, () => headersOf('OPTIONS', '/v1/users')],
    ['Swagger UI', 200, () => headersOf('GET', '/docs')],
    ['the OpenAPI document', 200, () => headersOf('GET', '/openapi.json')],
  ];

  it.each(ANSWERS)('ASVS 3.4.3 to 3.4.6: keeps browsers careful with %s (%i)', async (_, expected, send) => {
    const { status, headers } = await send();

    const policy = headers.get('content-security-policy') ?? '';
    expect(status).toBe(expected);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it.each(ANSWERS)(
    'ASVS 13.4.6 and 16.2.1: names the request, and not the software, with %s (%i)',
    async (_, __, send) => {
      const { headers } = await send();

      expect(headers.get('x-request-id')).toMatch(UUID_V7);
      expect(headers.get('server')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('strict-transport-security')).toBeNull();
    },
  );

  it('ASVS 3.4.3: lets Swagger UI run scripts of its own only', async () => {
    const { headers } = await headersOf('GET', '/docs');

    const directives = (headers.get('content-security-policy') ?? '').split(';').map((part) => part.trim());

    expect(directives).toContain("script-src 'self'");
    expect(directives).toContain("base-uri 'none'");
    expect(directives.join(' ')).not.toMatch(/unsafe-eval|\*|https?:/);
  });

  it('ASVS 16.4.1: takes no request id from the client', async () => {
    const answer = await app.get('/v1/nowhere', { headers: { 'x-request-id': 'mine' } });

    expect(answer.headers.get('x-request-id')).toMatch(UUID_V7);
    expect(answer.body.instance).toBe(answer.headers.get('x-request-id'));
  });

  it('ASVS 3.4.1: sends no Strict-Transport-Security over HTTP, whatever an untrusted client claims', async () => {
    const answer = await app.get('/health/live', { headers: { 'x-forwarded-proto': 'https' } });

    expect(answer.headers.get('strict-transport-security')).toBeNull();
  });

  it.each(['https://shop.example', 'https://admin.shop.example'])(
    'ASVS 3.4.2: lets pages of the listed origin %s read answers, with credentials',
    async (origin) => {
      const answers = [
        await headersOf('GET', '/health/live', [`Origin: ${origin}`]),
        await headersOf('GET', '/v1/users/me', [`Origin: ${origin}`]),
        await headersOf('GET', '/nowhere', [`Origin: ${origin}`]),
        await headersOf('GET', '/v1/users/%zz', [`Origin: ${origin}`]),
        await headersOf('OPTIONS', '/v1/users/me', preflight(origin)),
      ];

      expect(answers.map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual(
        answers.map(() => origin),
      );
      expect(answers.every(({ headers }) => headers.get('access-control-allow-credentials') === 'true')).toBe(
        true,
      );
      expect(answers.every(({ headers }) => headers.get('vary') === 'Origin')).toBe(true);
    },
  );

  it.each([
    'https://evil.example',
    'null',
    '*',
    'http://shop.example',
    'https://shop.example:8443',
    'https://shop.example.evil.example',
    'https://evilshop.example',
    'https://sub.shop.example',
    'https://SHOP.example',
    'https://shop.example/',
    'https://shop.example, https://evil.example',
    'https://shop.example,https://admin.shop.example',
    'https://shop.example@evil.example',
    'file://',
    'undefined',
  ])('ASVS 3.4.2: lets no page of the origin %s read an answer', async (origin) => {
    const answers = [
      await headersOf('GET', '/health/live', [`Origin: ${origin}`]),
      await headersOf('GET', '/v1/users/me', [`Origin: ${origin}`, ...bearer()]),
      await headersOf('GET', '/nowhere', [`Origin: ${origin}`]),
      await headersOf('OPTIONS', '/v1/users/me', preflight(origin)),
    ];

    expect(answers.map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual(
      answers.map(() => null),
    );
  });
});

function preflight(origin: string): string[] {
  return [
    `Origin: ${origin}`,
    'Access-Control-Request-Method: PATCH',
    'Access-Control-Request-Headers: authorization',
  ];
}

function readHeaders(head: string): Headers {
  const lines = head.split('\r\n').slice(1);
  return new Headers(
    lines.map((line): [string, string] => [
      line.split(':', 1)[0] ?? '',
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
}
