import { randomUUID } from 'node:crypto';
import { PasswordHasher } from '../src/auth/passwords/password-hasher.js';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import type { Answer, Sending } from './support/client.js';

describe('throttling', () => {
  let app: TestApp;
  let lastAddress = 0;
  beforeAll(async () => {
    app = await startTestApp({
      THROTTLE_LIMIT: '20',
      THROTTLE_AUTH_LIMIT: '5',
      THROTTLE_ACCOUNT_LIMIT: '3',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    // Away from the edge of a minute, so that a window does not end within a test.
    app.clock.advance({ seconds: 60 - (Math.floor(app.clock.now() / 1000) % 60) + 1 });
  });
  afterAll(() => app.close());

  /** A client address that no other test (or earlier run, where Redis counts) has used. */
  function newAddress(): Record<string, string> {
    return {
      'x-forwarded-for': `10.${process.pid % 250}.${Math.floor(Math.random() * 250)}.${++lastAddress}`,
    };
  }

  /** With a token, from such an address. */
  const sentFrom = (token: string): Sending => ({ token, headers: newAddress() });
  const post = (path: string, body: object, token: string): Promise<Answer> =>
    app.post(path, body, sentFrom(token));

  async function statusesOf(count: number, send: () => Promise<{ status: number }>): Promise<number[]> {
    const statuses = [];
    for (let index = 0; index < count; index++) {
      statuses.push((await send()).status);
    }
    return statuses;
  }

  it('allows as many requests from an address as are set, then answers 429 and says how long to wait', async () => {
    const headers = newAddress();
    const statuses = await statusesOf(20, () => app.get('/v1/users/me', { headers }));
    const refused = await app.get('/v1/users/me', { headers });
    const elsewhere = await app.get('/v1/users/me', { headers: newAddress() });

    expect(statuses).toEqual(Array(20).fill(401));
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(120);
    expect(elsewhere.status).toBe(401);
  });

  it('says what is left', async () => {
    const headers = newAddress();
    await app.get('/v1/users/me', { headers });
    const answer = await app.get('/.well-known/jwks.json', { headers });

    expect(answer.headers.get('ratelimit-policy')).toBe('"address";q=20;w=60');
    expect(answer.headers.get('ratelimit')).toMatch(/^"address";r=18;t=\d+$/);
  });

  it('allows them again when Retry-After is over', async () => {
    const headers = newAddress();
    await statusesOf(20, () => app.get('/v1/users/me', { headers }));
    const refused = await app.get('/v1/users/me', { headers });
    app.clock.advance({ seconds: Number(refused.headers.get('retry-after')) });
    const allowed = await app.get('/v1/users/me', { headers });

    expect(refused.status).toBe(429);
    expect(allowed.status).toBe(401);
  });

  it('counts forged tokens against the address that sends them', async () => {
    const headers = newAddress();
    const statuses = await statusesOf(21, () => app.get('/v1/users/me', { headers, token: 'forged' }));

    expect(statuses.at(19)).toBe(401);
    expect(statuses.at(20)).toBe(429);
  });

  it.each<[string, number, (headers: Record<string, string>) => Promise<Answer>]>([
    ['a path that nobody knows', 404, (headers) => app.get('/v1/nothing', { headers })],
    ['a file that is not there', 404, (headers) => app.get('/docs/nothing.js', { headers })],
    ['JSON that is broken', 400, (headers) => app.post('/v1/auth/login', '{', { headers })],
    [
      'a body that is too large',
      413,
      (headers) => app.post('/v1/auth/login', ' '.repeat(1_048_577), { headers }),
    ],
    [
      'a type that no route takes',
      415,
      (headers) => app.post('/v1/auth/login', 'x', { headers: { ...headers, 'content-type': 'text/plain' } }),
    ],
    [
      'a foreign origin',
      403,
      (headers) =>
        app.post('/v1/auth/logout', undefined, { headers: { ...headers, origin: 'https://evil.example' } }),
    ],
    ['a path that cannot be decoded', 400, (headers) => app.get('/v1/users/%zz', { headers })],
    [
      'a path with a part that is too long',
      400,
      (headers) => app.get(`/v1/users/${'x'.repeat(513)}`, { headers }),
    ],
    [
      'a coded body',
      415,
      (headers) => app.post('/v1/auth/login', '{}', { headers: { ...headers, 'content-encoding': 'gzip' } }),
    ],
    [
      'what is no form, where services send one',
      415,
      (headers) => app.post('/v1/oauth/revoke', '{}', { headers }),
    ],
    ['the OpenAPI document', 200, (headers) => app.get('/openapi.json', { headers })],
    ['a page of Swagger UI', 200, (headers) => app.get('/docs', { headers })],
  ])('counts %s, together with everything else from the address', async (_, status, send) => {
    const headers = newAddress();

    const before = await statusesOf(19, () => send(headers));
    const within = await app.get('/v1/products', { headers });
    const over = await send(headers);
    const alsoOver = await app.get('/v1/products', { headers });
    const elsewhere = await send(newAddress());

    expect(before).toEqual(Array(19).fill(status));
    expect([within.status, over.status, alsoOver.status, elsewhere.status]).toEqual([200, 429, 429, status]);
    expect(over.body).toMatchObject({
      type: '/problems/too-many-requests',
      status: 429,
      code: 'too-many-requests',
    });
    expect(over.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(over.headers.get('cache-control')).toBe('no-store');
  });

  it('counts IPv6 clients by /64', async () => {
    const prefix = `2001:db8:${(process.pid % 65_535).toString(16)}:${Math.floor(Math.random() * 65_535).toString(16)}`;
    const statuses = await statusesOf(21, () =>
      app.get('/v1/users/me', {
        headers: { 'x-forwarded-for': `${prefix}::${(++lastAddress).toString(16)}` },
      }),
    );

    expect(statuses.at(20)).toBe(429);
  });

  it('counts a user whatever the address', async () => {
    await app.register('roaming@example.com');
    const { body } = await app.post(
      '/v1/auth/login',
      { email: 'roaming@example.com', password: PASSWORD },
      { headers: newAddress() },
    );
    const statuses = await statusesOf(21, () =>
      app.get('/v1/users/me', { token: body.accessToken, headers: newAddress() }),
    );

    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(200));
    expect(statuses.at(20)).toBe(429);
  });

  it.each<[string, number, (token: string, sessionId: string) => Promise<Answer>]>([
    ['sign out', 204, (token) => app.post('/v1/auth/logout', undefined, sentFrom(token))],
    ['end a session', 204, (token, id) => app.delete(`/v1/auth/sessions/${id}`, sentFrom(token))],
    ['end all sessions', 204, (token) => app.delete('/v1/auth/sessions', sentFrom(token))],
    [
      'prove the password again',
      200,
      (token) => post('/v1/auth/reauthenticate', { password: PASSWORD }, token),
    ],
    [
      'change the password',
      204,
      (token) =>
        post(
          '/v1/auth/password/change',
          { currentPassword: PASSWORD, newPassword: 'a tall ship and a star' },
          token,
        ),
    ],
  ])('lets an owner %s whose stolen token has used up what a user may ask', async (_, status, send) => {
    const email = `robbed-${randomUUID()}@example.com`;
    await app.register(email);
    const login = { email, password: PASSWORD };
    const { accessToken, sessionId } = (await app.post('/v1/auth/login', login, { headers: newAddress() }))
      .body;
    const thief = await statusesOf(21, () => app.get('/v1/users/me', sentFrom(accessToken)));

    const owner = await send(accessToken, sessionId);

    expect([thief.at(20), owner.status]).toEqual([429, status]);
  });

  it('counts what ends sessions by address', async () => {
    const headers = newAddress();
    const email = `robbed-${randomUUID()}@example.com`;
    await app.register(email);
    const { accessToken: token } = (
      await app.post('/v1/auth/login', { email, password: PASSWORD }, { headers: newAddress() })
    ).body;

    const statuses = await statusesOf(21, () =>
      app.delete(`/v1/auth/sessions/${randomUUID()}`, { token, headers }),
    );

    expect([statuses[19], statuses[20]]).toEqual([404, 429]);
  });

  it('is tight on the routes where secrets can be tried, all of them together', async () => {
    const headers = newAddress();
    const logins = await statusesOf(5, () =>
      app.post('/v1/auth/login', { email: `${randomUUID()}@example.com`, password: PASSWORD }, { headers }),
    );
    const refused = await app.post(
      '/v1/auth/register',
      { email: 'late@example.com', password: PASSWORD },
      { headers },
    );
    const other = await app.get('/v1/users/me', { headers });

    expect(logins).toEqual([401, 401, 401, 401, 401]);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-policy')).toBe('"auth";q=5;w=60');
    expect(other.status).toBe(401);
  });

  it('ends nobody’s session for what others try at refresh tokens from the same address', async () => {
    const headers = newAddress();
    const email = `shares-${randomUUID()}@example.com`;
    await app.register(email);
    const login = (): Promise<Answer> =>
      app.post('/v1/auth/login', { email, password: PASSWORD, delivery: 'body' }, { headers });
    const { body } = await login();

    const tries = await statusesOf(7, () =>
      app.post('/v1/auth/refresh', { refreshToken: 'A'.repeat(43) }, { headers }),
    );
    const goesOn = await app.post('/v1/auth/refresh', { refreshToken: body.refreshToken }, { headers });

    expect(tries).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(goesOn.status).toBe(200);
    expect((await login()).status).toBe(200);
  });

  it('slows guessing at one account from many addresses, known or unknown alike', async () => {
    const email = `guessed${lastAddress}-${process.pid}@example.com`;
    const statuses = await statusesOf(4, () =>
      app.post('/v1/auth/login', { email, password: PASSWORD }, { headers: newAddress() }),
    );
    app.clock.advance({ minutes: 31 });
    const later = await app.post('/v1/auth/login', { email, password: PASSWORD }, { headers: newAddress() });

    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(later.status).toBe(401);
  });

  it('counts only failures against an account', async () => {
    const email = `often-${process.pid}-${Date.now()}@example.com`;
    await app.register(email);
    const statuses = await statusesOf(6, () =>
      app.post('/v1/auth/login', { email, password: PASSWORD }, { headers: newAddress() }),
    );

    expect(statuses).toEqual(Array(6).fill(200));
  });

  it('counts no attempt that could not be checked', async () => {
    const email = `patient-${randomUUID()}@example.com`;
    await app.register(email);
    const login = (): Promise<Answer> =>
      app.post('/v1/auth/login', { email, password: PASSWORD }, { headers: newAddress() });
    const check = jest
      .spyOn(app.nest.get(PasswordHasher), 'verify')
      .mockRejectedValue(new Error('no thread'));

    const failed = await statusesOf(4, login);
    check.mockRestore();
    const wrong = await statusesOf(3, () =>
      app.post('/v1/auth/login', { email, password: 'wrong' }, { headers: newAddress() }),
    );

    expect(failed).toEqual([500, 500, 500, 500]);
    expect(wrong).toEqual([401, 401, 401]);
    expect((await login()).status).toBe(429);
  });

  it('never limits health', async () => {
    const headers = newAddress();
    const statuses = await statusesOf(25, () => app.get('/health/live', { headers }));

    expect(statuses).toEqual(Array(25).fill(200));
  });

  it('keeps the limits of two routes in one bucket an address', async () => {
    const headers = newAddress();
    await statusesOf(10, () => app.get('/v1/users/me', { headers }));
    await statusesOf(10, () => app.get('/.well-known/jwks.json', { headers }));
    const refused = await app.get('/problems/conflict', { headers });

    expect(refused.status).toBe(429);
  });
});
