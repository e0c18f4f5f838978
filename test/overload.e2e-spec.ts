import { randomBytes } from 'node:crypto';
import { PASSWORD, type TestApp, startTestApp } from './support/app.js';
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

  it('leave every other route open', async () => {
    const crowd = Array.from({ length: 250 }, () => signIn(newEmail(), 'wrong'));
    const reads = await Promise.all(Array.from({ length: 50 }, () => app.get('/v1/products')));
    await Promise.all(crowd);

    expect(new Set(reads.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe('an event loop that runs late', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ MAX_EVENT_LOOP_DELAY: '100' });
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
    const refused = await app.get('/v1/products');
    const [live, ready] = [await status('/health/live'), await status('/health/ready')];
    await until(async () => (await status('/v1/products')) === 200, 20_000);

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toMatch(/^[123]$/);
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
    expect(refused.body).toMatchObject({ type: '/problems/unavailable', status: 503 });
    expect([live, ready]).toEqual([200, 200]);
  });
});
