import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { MAX_WAITING, PasswordHasher } from '../src/auth/passwords/password-hasher.js';
import { PasswordsService } from '../src/auth/passwords/passwords.service.js';
import { connectionPool } from '../src/database/connection-pool.js';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
import { fromNewAddress, newAddress } from './support/client-address.js';
import { until } from './support/process.js';

const newEmail = (): string => `${randomBytes(8).toString('hex')}@example.com`;

describe('more sign-ins at once than can be hashed', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const signIn = (email: string, password: string) =>
    app.post('/v1/auth/login', { email, password, delivery: 'body' });

  it('are checked up to a bound; the rest is answered 503 and told to try again', async () => {
    const answers = await Promise.all(Array.from({ length: 250 }, () => signIn(newEmail(), 'wrong')));
    const refused = answers.filter(({ status }) => status === 503);

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]));
    expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(100);
    expect(refused.length).toBeGreaterThan(0);
    // Not all after the same time, or they would be back together.
    expect(new Set(refused.map(({ headers }) => headers.get('retry-after')))).toEqual(
      new Set(['1', '2', '3']),
    );
    expect(refused[0]?.body).toMatchObject({ type: '/problems/unavailable', status: 503 });
  });

  it('cost an account nothing where they were turned away', async () => {
    const email = newEmail();
    await app.register(email);

    const crowd = Array.from({ length: 200 }, () => signIn(newEmail(), 'wrong'));
    const mine = Array.from({ length: 50 }, () => signIn(email, PASSWORD));
    const statuses = (await Promise.all(mine)).map(({ status }) => status);
    await Promise.all(crowd);
    const afterwards = await signIn(email, PASSWORD);

    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(afterwards.status).toBe(200);
  });

  it('wait for their turn without a connection to the database', async () => {
    const pool = connectionPool(app.database);
    const passwords = app.nest.get(PasswordsService);
    const waiting: number[] = [];
    const watch = (): void => void waiting.push(pool.waitingCount);
    pool.on('acquire', watch);
    await Promise.all(Array.from({ length: MAX_WAITING }, () => passwords.verifyFor(newEmail(), 'wrong')));
    pool.off('acquire', watch);

    expect(waiting.length).toBeGreaterThanOrEqual(MAX_WAITING);
    expect(Math.max(...waiting)).toBeLessThan(2 * availableParallelism());
  });

  it('leave no room for more who change a password either', async () => {
    const passwords = app.nest.get(PasswordsService);
    const hashes = Array.from({ length: 250 }, () => passwords.hash(PASSWORD));
    const results = await Promise.allSettled(hashes);
    const refused = results.filter((result) => result.status === 'rejected');

    expect(results.length - refused.length).toBeGreaterThanOrEqual(MAX_WAITING);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.reason).toMatchObject({ code: 'unavailable' });
  });

  it('leave every other route open', async () => {
    const crowd = Array.from({ length: 250 }, () => signIn(newEmail(), 'wrong'));
    const reads = await Promise.all(Array.from({ length: 50 }, () => app.get('/v1/products')));
    await Promise.all(crowd);

    expect(new Set(reads.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe('whoever comes for a hash while too many wait', () => {
  let app: TestApp;
  let endAll: () => void;
  let waiting: Promise<void>[];
  beforeAll(async () => {
    app = await startTestApp({
      THROTTLE_LIMIT: '1000',
      TRUSTED_PROXIES: '127.0.0.1',
      CORS_ORIGINS: 'https://shop.example',
    });
    const hasher = app.nest.get(PasswordHasher);
    const ended = new Promise<void>((resolve) => (endAll = resolve));
    waiting = Array.from({ length: MAX_WAITING }, () => hasher.admit(() => ended));
  });
  afterAll(async () => {
    endAll();
    await Promise.all(waiting);
    await app.close();
  });

  it.each(['login', 'register'])('is turned away before the body is read (%s)', async (route) => {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    const head = [
      `POST /v1/auth/${route} HTTP/1.1`,
      'Host: shop',
      'Origin: https://shop.example',
      `X-Forwarded-For: ${newAddress()}`,
      'Content-Type: application/json',
      'Content-Length: 80',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`); // and no body
    const answered = once(socket, 'data', { signal: AbortSignal.timeout(10_000) });
    const [answer] = await answered.finally(() => socket.destroy());

    expect(String(answer)).toMatch(/^HTTP\/1\.1 503 /);
    expect(String(answer)).toMatch(/^retry-after: [123]\r$/m);
    expect(String(answer)).toMatch(/^access-control-allow-origin: https:\/\/shop\.example\r$/m);
  });

  it('counts for the address, once', async () => {
    const headers = fromNewAddress();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 20; attempt++) {
      const body = { email: newEmail(), password: 'wrong' };
      statuses.push((await app.post('/v1/auth/login', body, { headers })).status);
    }
    const next = await app.get('/v1/products', { headers });

    expect(statuses).toEqual(Array(20).fill(503));
    expect(next.headers.get('ratelimit')).toMatch(/^"address";r=979;/);
  });
});

describe('an event loop that runs late', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ MAX_EVENT_LOOP_DELAY: '100', CORS_ORIGINS: 'https://shop.example' });
  });
  afterAll(() => app.close());

  /** Keeps the event loop, which the server shares with this test, from turning. */
  function holdUp(milliseconds: number): void {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  }

  const status = async (path: string): Promise<number> => (await app.get(path)).status;

  it('turns requests away until it has caught up, and tells its health all the while', async () => {
    await until(async () => (await status('/v1/products')) === 200, 10_000);

    await until(async () => {
      holdUp(700);
      return (await status('/v1/products')) === 503;
    }, 20_000);
    const refused = await app.get('/v1/products', { headers: { origin: 'https://shop.example' } });
    const [live, ready] = [await status('/health/live'), await status('/health/ready')];
    await until(async () => (await status('/v1/products')) === 200, 20_000);

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toMatch(/^[123]$/);
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(refused.body).toMatchObject({ type: '/problems/unavailable', status: 503 });
    expect(refused.headers.has('ratelimit')).toBe(false); // to count it would be one more thing to do
    expect([live, ready]).toEqual([200, 200]);
  });
});
