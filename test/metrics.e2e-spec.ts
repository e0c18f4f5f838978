import { type TestApp, startTestApp } from './support/app.js';
import { Client } from './support/client.js';
import { freePort } from './support/free-port.js';
import { AppProcess, killProcesses } from './support/process.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

jest.setTimeout(60_000);

const TOKEN = '4kQJ3bX0m7nYVtqk2wZc8uHs5rLd9aEo';

/** The value of a series, or `undefined` where there is none. */
function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('GET /metrics', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const read = async (): Promise<string> => (await app.get('/metrics')).text;

  it('is Prometheus text, which no cache keeps', async () => {
    const { status, headers, text } = await app.get('/metrics');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(valueOf(text, 'process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(valueOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  it('counts requests by method, pattern and status, and how long they took', async () => {
    const series = 'method="GET",route="/v1/products/:id",status="404"';
    const before = valueOf(await read(), `http_request_duration_seconds_count{${series}}`) ?? 0;

    await app.get('/v1/products/one-that-is-not-there');
    await app.get('/v1/products/another-that-is-not-there');
    const text = await read();

    expect(valueOf(text, `http_request_duration_seconds_count{${series}}`)).toBe(before + 2);
    expect(valueOf(text, `http_request_duration_seconds_sum{${series}}`)).toBeGreaterThan(0);
    expect(valueOf(text, `http_request_duration_seconds_bucket{le="2.5",${series}}`)).toBe(before + 2);
    expect(text).not.toContain('that-is-not-there');
  });

  it('has one series for all paths that nobody knows, whatever is asked', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => app.get(`/nothing-${index}`)));

    const lines = (await read())
      .split('\n')
      .filter((line) => /^http_request_duration_seconds_count.*"404"/.test(line));

    expect(lines.filter((line) => line.includes('route="none"'))).toHaveLength(1);
    expect(lines.join()).not.toContain('nothing-');
  });

  it('has one series for all paths that cannot be read', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, index) => app.get(`/unreadable-${index}%zz`)));

    const series = 'method="GET",route="/unreadable-path",status="400"';
    expect(valueOf(await read(), `http_request_duration_seconds_count{${series}}`)).toBe(5);
  });

  it('says how many revocations are in memory, and whether they come in', async () => {
    await app.register('ada@example.com');
    const { accessToken: token } = await app.login('ada@example.com');
    const before = valueOf(await read(), 'latchkey_revocations') ?? NaN;

    await app.post('/v1/auth/logout', undefined, { token });
    const text = await read();

    expect(valueOf(text, 'latchkey_revocations')).toBe(before + 1);
    expect(valueOf(text, 'latchkey_revocation_feed_fresh')).toBe(1);
    expect(valueOf(text, 'latchkey_rate_limits_shared')).toBe(process.env['REDIS_URL'] ? 1 : 0);
    expect(valueOf(text, 'latchkey_database_connections')).toBeGreaterThan(0);
  });
});

describe('GET /metrics with METRICS_TOKEN', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ METRICS_TOKEN: TOKEN });
  });
  afterAll(() => app.close());

  it('is for who sends it', async () => {
    const answers = [
      await app.get('/metrics'),
      await app.get('/metrics', { token: `${TOKEN}x` }),
      await app.get(`/metrics?access_token=${TOKEN}`),
      await app.get('/metrics', { token: TOKEN }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 200]);
    expect(answers[0]?.body.code).toBe('unauthenticated');
    expect(answers[0]?.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('GET /metrics with METRICS_PORT', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  it('is on that port, with nothing else, and not on that of the API', async () => {
    const port = await freePort();
    const process = new AppProcess({
      ...database.environment,
      HOST: '127.0.0.1',
      METRICS_PORT: String(port),
      METRICS_TOKEN: TOKEN,
    });
    const api = await process.listening();
    const own = new Client(`http://127.0.0.1:${port}`);

    const onApi = await api.get('/metrics', { token: TOKEN });
    const answers = [
      await own.get('/metrics'),
      await own.get('/metrics', { token: TOKEN }),
      await own.get('/v1/products', { token: TOKEN }),
    ];

    expect([onApi.status, onApi.body.code]).toEqual([404, 'not-found']);
    expect(answers.map(({ status }) => status)).toEqual([401, 200, 404]);
    expect(valueOf(answers[1]?.text ?? '', 'latchkey_revocation_feed_fresh')).toBe(1);
  });
});
