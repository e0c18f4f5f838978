import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

const BUYERS = 1000;
const PIECES = 100;

describe('selling on two processes', () => {
  let database: TestDatabase;
  let clients: readonly Client[];
  let token: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    // A sale that has to wait outlasts the timeout of its connection.
    const environment = { ...database.environment, CONNECTION_TIMEOUT: '1s' };
    const processes = [new AppProcess(environment), new AppProcess(environment)];
    clients = await Promise.all(processes.map((one) => one.listening()));
    await register(client(0), 'editor@example.com');
    await sql(`UPDATE users SET roles = '{customer,editor}' WHERE email = 'editor@example.com'`);
    token = (await login(client(0), 'editor@example.com')).body.accessToken;
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  function client(index: number): Client {
    const chosen = clients[index % clients.length];
    if (!chosen) {
      throw new Error('no process listens');
    }
    return chosen;
  }

  const sql = (statement: string): Promise<unknown[]> =>
    runSql(database.environment['DATABASE_URL'] ?? '', statement);

  async function productWith(slug: string, ...stocks: number[]): Promise<any> {
    const price = { amount: 100, currency: 'EUR' };
    const variants = stocks.map((stock, index) => ({ sku: `${slug}-${index}`, price, stock }));
    const answer = await client(0).post(
      '/v1/products',
      { title: slug, slug, status: 'published', variants },
      { token },
    );
    return answer.body;
  }

  function buy(variantId: string, index: number) {
    const sale = { delta: -1, reason: `Buyer ${index}` };
    return client(index).post(`/v1/variants/${variantId}/stock`, sale, { token });
  }

  async function historyOf(variantId: string): Promise<any[]> {
    const items: any[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path = `/v1/variants/${variantId}/stock?limit=100${cursor && `&cursor=${cursor}`}`;
      const { body } = await client(1).get(path, { token });
      items.push(...body.items);
      cursor = body.nextCursor;
    }
    return items;
  }

  it(`gives ${BUYERS} who want one of ${PIECES} pieces at once exactly ${PIECES}`, async () => {
    const product = await productWith('hot', PIECES);
    const { id } = product.variants[0];

    const answers = await Promise.all(Array.from({ length: BUYERS }, (_, index) => buy(id, index)));

    const sold = answers.filter(({ status }) => status === 200).map(({ body }) => body.stock);
    const refused = answers.filter(({ status, body }) => status === 409 && body.code === 'conflict');
    expect({ sold: sold.length, refused: refused.length }).toEqual({
      sold: PIECES,
      refused: BUYERS - PIECES,
    });
    expect(sold.toSorted((one, other) => one - other)).toEqual(Array.from({ length: PIECES }, (_, at) => at));
    const history = await historyOf(id);
    expect(history.map(({ stockAfter }) => stockAfter)).toEqual(
      Array.from({ length: PIECES }, (_, at) => at),
    );
    expect(history.reduce((sum, { delta }) => sum + delta, 0)).toBe(-PIECES);
    const shown = await client(1).get('/v1/products/hot');
    expect(shown.headers.get('etag')).toContain(`"${1 + PIECES}.`);
    expect(shown.body).toMatchObject({ inStock: false, variants: [{ stock: 0 }] });
  });

  it('shows the last stock of every variant of one product, sold, filled up and edited at once', async () => {
    const product = await productWith('busy', 40, 40, 40);
    const ids: string[] = product.variants.map(({ id }: any) => id);
    const idOf = (index: number) => ids[index % ids.length] ?? '';

    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) => {
        if (index % 10 === 9) {
          return client(index).patch(
            `/v1/products/${product.id}/variants/${idOf(index)}`,
            { title: `Edition ${index}` },
            { token },
          );
        }
        return buy(idOf(index), index);
      }),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const changes = answers.filter(({ status }) => status === 200).length;
    const shown = await client(0).get('/v1/products/busy');
    const rows = await sql(`SELECT id, title, stock FROM variants WHERE product_id = '${product.id}'
      ORDER BY position`);
    expect(shown.body.variants).toMatchObject(rows);
    expect(shown.body).toMatchObject({
      inStock: false,
      variants: [{ stock: 0 }, { stock: 0 }, { stock: 0 }],
    });
    expect(shown.headers.get('etag')).toContain(`"${1 + changes}.`);
  });

  it('keeps nobody from reading while many sales wait for a product, and sells nothing to who was told that it takes too long', async () => {
    const product = await productWith('held', 50);
    const { id } = product.variants[0];
    const holder = new pg.Client({ connectionString: database.environment['DATABASE_URL'] });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM products WHERE id = $1 FOR UPDATE', [product.id]);

    const sales = Array.from({ length: 40 }, (_, index) => buy(id, index));
    const read = await Promise.race([client(0).get('/v1/products/held'), pause(5000, null)]);
    const early = await Promise.all(sales.map((sale) => Promise.race([sale, pause(15_000, null)])));
    await holder.query('ROLLBACK');
    await holder.end();
    const statuses = (await Promise.all(sales)).map(({ status }) => status);

    const refused = early.filter((answer) => answer?.status === 503).length;
    expect(read?.status).toBe(200);
    expect(refused).toBeGreaterThan(20);
    expect(statuses.filter((status) => status === 200)).toHaveLength(40 - refused);
    expect(await historyOf(id)).toHaveLength(40 - refused);
  });
});
