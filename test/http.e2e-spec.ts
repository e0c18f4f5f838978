import { once } from 'node:events';
import { request } from 'node:http';
import { type TestApp, startTestApp } from './support/app.js';
import { sendRaw } from './support/raw-http.js';

describe('the HTTP edge', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ CORS_ORIGINS: 'https://shop.example' });
  });
  afterAll(() => app.close());

  it('answers problems with everything RFC 9457 asks for', async () => {
    const answer = await app.get('/v1/nowhere');

    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toEqual({
      type: '/problems/not-found',
      title: 'Not found',
      status: 404,
      detail: expect.any(String),
      instance: answer.headers.get('x-request-id'),
      code: 'not-found',
    });
  });

  it('explains each problem at the address its type names', async () => {
    const known = await app.get('/problems/invalid-token');
    const unknown = await app.get('/problems/no-such-code');

    expect(known.status).toBe(200);
    expect(known.body).toMatchObject({ code: 'invalid-token', status: 401, meaning: expect.any(String) });
    expect(unknown.status).toBe(404);
  });

  it('gives each request an id of its own, whatever the client sends', async () => {
    const one = await app.get('/health/live', { headers: { 'x-request-id': 'mine' } });
    const other = await app.get('/health/live');

    expect(one.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
    expect(other.headers.get('x-request-id')).not.toBe(one.headers.get('x-request-id'));
  });

  it.each([
    ['broken JSON', '{"email":', 400, 'bad-request'],
    ['JSON that nests too deep', `${'['.repeat(50)}${']'.repeat(50)}`, 400, 'bad-request'],
    ['a prototype key', '{"__proto__":{"roles":["admin"]}}', 400, 'bad-request'],
    ['a NUL character', JSON.stringify({ email: 'a\0@example.com' }), 400, 'bad-request'],
    ['half a surrogate pair', '{"email":"\\ud800"}', 400, 'bad-request'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'bad-request'],
    ['a list', '[]', 422, 'validation-failed'],
    ['null', 'null', 422, 'validation-failed'],
    ['a number', '5', 422, 'validation-failed'],
    ['a text', '"email"', 422, 'validation-failed'],
    ['nothing', '', 422, 'validation-failed'],
    ['more than 1 MiB', JSON.stringify({ email: 'x'.repeat(1_048_576) }), 413, 'payload-too-large'],
  ])('refuses a body that is %s', async (_, body, status, code) => {
    const answer = await app.post('/v1/auth/login', body);

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ type: `/problems/${code}`, status });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'multipart/form-data; boundary=x',
  ])('refuses the media type %s', async (type) => {
    const answer = await app.post('/v1/auth/login', 'email=x', { headers: { 'content-type': type } });

    expect(answer.status).toBe(415);
    expect(answer.body.type).toBe('/problems/unsupported-media-type');
  });

  it('takes JSON with a charset and as a merge patch', async () => {
    const token = await app.signIn('customer');
    const charset = await app.patch(
      '/v1/users/me',
      { displayName: 'A' },
      { token, headers: { 'content-type': 'application/json; charset=utf-8' } },
    );
    const patch = await app.patch(
      '/v1/users/me',
      { displayName: 'B' },
      { token, headers: { 'content-type': 'application/merge-patch+json' } },
    );

    expect([charset.status, patch.status]).toEqual([200, 200]);
  });

  it('answers what is no HTTP with a problem, and goes on', async () => {
    const { head } = await sendRaw(app.url, 'GARBAGE\r\n\r\n');
    const after = await app.get('/health/live');

    expect(head).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\nX-Request-Id: [0-9a-f-]{36}\r\nContent-Type: application\/problem\+json/,
    );
    expect(after.status).toBe(200);
  });

  it('takes no notice of what a client expects beside 100-continue (RFC 9110 10.1.1)', async () => {
    const sent = request(`${app.url}/v1/users/me`, { headers: { expect: 'sorcery' } }).end();
    const [answer] = await once(sent, 'response');
    answer.resume();

    expect(answer.statusCode).toBe(401);
    expect(answer.headers).toMatchObject({ ratelimit: expect.any(String) });
  });

  it.each([
    ['no Host', ''],
    ['two Hosts', 'Host: a\r\nhost: b\r\n'],
  ])('refuses a request with %s, and counts it (RFC 9112 3.2)', async (_, lines) => {
    const { status, head, text } = await sendRaw(app.url, `GET /v1/products HTTP/1.1\r\n${lines}\r\n`);

    expect(status).toBe(400);
    expect(head.toLowerCase()).toMatch(/\r\nratelimit: /);
    expect(JSON.parse(text)).toMatchObject({
      code: 'bad-request',
      detail: 'A request must have one Host header.',
    });
  });

  it.each([
    [
      'a coded body',
      'POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 0',
      415,
    ],
    ['no Host', 'GET /v1/products HTTP/1.1', 400],
  ])('tells a page of another origin why %s is refused', async (_, asked, expected) => {
    const { status, head } = await sendRaw(
      app.url,
      `${asked}\r\nOrigin: https://shop.example\r\nConnection: close\r\n\r\n`,
    );

    expect(status).toBe(expected);
    expect(head).toMatch(/^access-control-allow-origin: https:\/\/shop\.example\r?$/im);
  });

  it('asks the database once for all who want to know within a second whether it is ready', async () => {
    const query = jest.spyOn(app.database, 'query');

    const answers = await Promise.all(Array.from({ length: 50 }, () => app.get('/health/ready')));
    const asked = query.mock.calls.filter(([statement]) => statement === 'SELECT 1').length;
    query.mockRestore();

    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(asked).toBeLessThan(10);
  });

  it('answers HTTP/1.0 without a Host', async () => {
    expect((await sendRaw(app.url, 'GET /health/live HTTP/1.0\r\n\r\n')).status).toBe(200);
  });

  it('answers headers that are too large with 431', async () => {
    const { status, text } = await sendRaw(
      app.url,
      `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`,
    );

    expect(status).toBe(431);
    expect(JSON.parse(text)).toMatchObject({ status: 431 });
  });

  it.each(['/%', '/v1/users/%zz', `/v1/users/${'x'.repeat(2000)}`])(
    'answers the address %.20s with a problem',
    async (path) => {
      const answer = await app.get(path);

      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.headers.get('x-request-id')).toBe(answer.body.instance);
    },
  );

  it('sets the headers that keep browsers careful', async () => {
    const { headers } = await app.get('/v1/users/me');

    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  describe('CORS', () => {
    const preflight = {
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,if-match',
    };

    it('lets a listed origin in, with credentials', async () => {
      const { status, headers } = await app.send('OPTIONS', '/v1/users/me', {
        headers: { origin: 'https://shop.example', ...preflight },
      });

      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe('https://shop.example');
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-allow-methods')).toContain('PATCH');
      expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('if-match');
    });

    it('answers OPTIONS that asks for no method like a preflight', async () => {
      const { status, text } = await app.send('OPTIONS', '/v1/users/me', {
        headers: { origin: 'https://shop.example' },
      });

      expect([status, text]).toEqual([204, '']);
    });

    it('shows a listed origin the headers it needs', async () => {
      const { headers } = await app.get('/health/live', { headers: { origin: 'https://shop.example' } });

      expect(headers.get('access-control-expose-headers')).toContain('ETag');
      expect(headers.get('access-control-expose-headers')).toContain('Retry-After');
      expect(headers.get('vary')).toContain('Origin');
    });

    it.each(['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null'])(
      'keeps %s out',
      async (origin) => {
        const { headers } = await app.send('OPTIONS', '/v1/users/me', { headers: { origin, ...preflight } });

        expect(headers.get('access-control-allow-origin')).toBeNull();
      },
    );
  });

  describe('requests from other sites', () => {
    it.each([
      ['another origin', { origin: 'https://evil.example' }],
      ['no origin', { origin: 'null' }],
      [
        'what the browser calls cross-site',
        { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      ],
    ])('refuses a refresh from %s', async (_, headers) => {
      const answer = await app.post('/v1/auth/refresh', undefined, {
        headers: { ...headers, cookie: `latchkey-refresh=${'A'.repeat(43)}` },
      });

      expect(answer.status).toBe(403);
      expect(answer.body.type).toBe('/problems/origin-not-allowed');
    });

    it('lets a listed origin, the same origin and whoever is no browser through', async () => {
      const cookie = `latchkey-refresh=${'A'.repeat(43)}`;
      const listed = await app.post('/v1/auth/refresh', undefined, {
        headers: { origin: 'https://shop.example', cookie },
      });
      const same = await app.post('/v1/auth/refresh', undefined, { headers: { origin: app.url, cookie } });
      const none = await app.post('/v1/auth/refresh', undefined, { headers: { cookie } });

      expect([listed.status, same.status, none.status]).toEqual([401, 401, 401]);
    });
  });

  describe('health', () => {
    it('says that it is alive and ready, and why', async () => {
      const live = await app.get('/health/live');
      const ready = await app.get('/health/ready');

      expect(live.body).toEqual({ status: 'ok' });
      expect(ready.status).toBe(200);
      expect(ready.body).toMatchObject({
        status: 'ok',
        checks: { database: 'ok', migrations: 'ok', revocations: 'ok', keys: 'ok' },
      });
    });
  });

  it('writes a line a request, without its query', async () => {
    const answer = await app.get('/v1/users?email=secret@example.com', {
      headers: { 'user-agent': 'tester' },
    });
    const line = app.log.find((entry) => entry.includes(String(answer.headers.get('x-request-id'))));

    expect(JSON.parse(String(line))).toMatchObject({
      method: 'GET',
      path: '/v1/users',
      status: 401,
      ip: '127.0.0.1',
      msg: 'request',
    });
    expect(app.log.join('')).not.toContain('secret@example.com');
  });

  it('writes one of a path that cannot be read, too, as it was sent', async () => {
    const { status, body } = await app.post('/v1/users/%zz?secret', { any: 'body' });
    const line = app.log.find((entry) => entry.includes(body.instance));

    expect([status, body.code]).toEqual([400, 'bad-request']);
    expect(JSON.parse(String(line))).toMatchObject({ method: 'POST', path: '/v1/users/%zz', status: 400 });
  });
});
