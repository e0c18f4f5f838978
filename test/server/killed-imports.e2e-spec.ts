import { request } from 'node:http';
import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

const PRODUCTS = 12_000;
const WRONG_EVERY = 100;

/** Every hundredth has no title; the others have one variant each. */
const body = Array.from({ length: PRODUCTS }, (_, index) =>
  JSON.stringify({
    ...(index % WRONG_EVERY !== 0 && { title: `Killed ${index}` }),
    categories: [`Killed/${index % 10}`],
    status: 'published',
    variants: [{ sku: `K-${index}`, price: { amount: index, currency: 'EUR' }, stock: 1 }],
  }),
).join('\n');

describe('an import whose process is killed (kill -9)', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  const sql = <Row>(text: string) =>
    runSql(database.environment['DATABASE_URL'] ?? '', text) as Promise<Row[]>;
  const start = () => new AppProcess({ ...database.environment, DATABASE_POOL_SIZE: '5' });
  const editor = async (client: Client): Promise<string> => {
    const email = 'editor@example.com';
    await register(client, email);
    await sql(`UPDATE users SET roles = '{customer,editor}' WHERE email = '${email}'`);
    return (await login(client, email)).body.accessToken;
  };

  it('goes on where it was, in the same process started again and in another, and counts nothing twice', async () => {
    const one = start();
    const token = await editor(await one.listening());
    const started = await (
      await one.listening()
    ).post('/v1/catalog/imports', body, {
      token,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const { id } = started.body;
    const read = async () =>
      (await sql<{ read: number }>(`SELECT read FROM imports WHERE id = '${id}'`))[0]?.read ?? 0;
    await until(async () => (await read()) >= 1500, 30_000);
    await one.kill();
    const afterFirst = await read();

    const two = start();
    await two.listening();
    await until(async () => (await read()) > afterFirst + 1500, 30_000);
    await two.kill();
    const afterSecond = await read();

    const three = start();
    const client = await three.listening();
    await until(
      async () => (await client.get(`/v1/catalog/imports/${id}`, { token })).body.finishedAt !== null,
      60_000,
    );

    expect(started.status).toBe(202);
    expect(afterFirst).toBeLessThan(PRODUCTS);
    expect(afterSecond).toBeLessThan(PRODUCTS);
    expect((await client.get(`/v1/catalog/imports/${id}`, { token })).body).toMatchObject({
      status: 'completed',
      read: 12_000,
      created: 11_880,
      updated: 0,
      failed: 120,
    });
    const [counts] = await sql(`
      SELECT (SELECT count(*)::int FROM products) AS products, (SELECT count(DISTINCT sku)::int FROM variants) AS variants,
        (SELECT count(*)::int FROM product_documents) AS documents, (SELECT count(*)::int FROM product_categories) AS memberships,
        (SELECT count(*)::int FROM import_chunks) AS chunks, (SELECT count(*)::int FROM import_errors) AS errors,
        (SELECT products FROM category_product_counts WHERE category_slug = 'killed') AS counted`);
    expect(counts).toEqual({
      products: 11_880,
      variants: 11_880,
      documents: 11_880,
      memberships: 11_880,
      chunks: 0,
      errors: 120,
      counted: 11_880,
    });
    await three.stop();
  });

  it('waits for those that were queued before it, whichever process has received them', async () => {
    const [one, two] = await Promise.all([start().listening(), start().listening()]);
    const token = (await login(one, 'editor@example.com')).body.accessToken;

    for (const round of [1, 2, 3, 4, 5, 6]) {
      const lines = Array.from({ length: 1100 }, (_, index) =>
        JSON.stringify({ slug: `round-${index}`, title: `Round ${round}`, variants: [] }),
      );
      await (round % 2 === 0 ? one : two).post('/v1/catalog/imports', lines.join('\n'), {
        token,
        headers: { 'content-type': 'application/x-ndjson' },
      });
    }
    await until(
      async () => (await sql(`SELECT 1 FROM imports WHERE status <> 'completed'`)).length === 0,
      60_000,
    );

    const overlapping = await sql(`
      SELECT one.received_at FROM imports one JOIN imports other
        ON (one.received_at, one.id) < (other.received_at, other.id) AND other.started_at < one.finished_at`);
    expect(overlapping).toEqual([]);
    expect(await sql(`SELECT DISTINCT title FROM products WHERE slug LIKE 'round-%'`)).toEqual([
      { title: 'Round 6' },
    ]);
    await killProcesses();
  });

  it('is discarded whole when the body breaks off', async () => {
    const app = start();
    const client = await app.listening();
    const token = (await login(client, 'editor@example.com')).body.accessToken;
    const sending = request(`${client.url}/v1/catalog/imports`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/x-ndjson',
        'content-length': '100000000',
      },
    });
    sending.on('error', () => undefined); // its connection is about to be cut
    sending.write('{"title":"Cut off","variants":[]}\n'.repeat(2000));
    const chunks = async () =>
      (await sql<{ count: number }>('SELECT count(*)::int AS count FROM import_chunks'))[0]?.count ?? 0;
    await until(async () => (await chunks()) > 0, 10_000);

    sending.destroy();
    await until(
      async () => (await sql(`SELECT 1 FROM imports WHERE status = 'discarded'`)).length === 1,
      10_000,
    );

    expect(await chunks()).toBe(0);
    expect(await sql(`SELECT 1 FROM products WHERE title = 'Cut off'`)).toEqual([]);
    expect(app.output).toContain('was not received whole; nothing of it is kept');
    await app.stop();
  });
});
