import pg from 'pg';
import type { Client } from '../support/client.js';
import { AppProcess, killProcesses, login, register, until } from '../support/process.js';
import { type TestDatabase, createTestDatabase, runSql } from '../support/test-database.js';

// PostgreSQL has no bound on either; an operator may set one for the database.
describe.each(['lock_timeout', 'statement_timeout'])('a database with a %s', (timeout) => {
  let database: TestDatabase;
  let client: Client;
  let token: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const { pathname } = new URL(database.environment['DATABASE_URL'] ?? '');
    await sql(`ALTER DATABASE ${pathname.slice(1)} SET ${timeout} = '2s'`);
    client = await new AppProcess(database.environment).listening();
    await register(client, 'editor@example.com');
    await sql(`UPDATE users SET roles = '{customer,editor}' WHERE email = 'editor@example.com'`);
    token = (await login(client, 'editor@example.com')).body.accessToken;
  });
  afterAll(async () => {
    await killProcesses();
    await database.drop();
  });

  const sql = (statement: string): Promise<unknown[]> =>
    runSql(database.environment['DATABASE_URL'] ?? '', statement);

  it('answers whoever waited too long that it is unavailable for now, and changes nothing', async () => {
    const { body: product } = await client.post('/v1/products', { title: 'Held' }, { token });
    const holder = new pg.Client({ connectionString: database.environment['DATABASE_URL'] });
    await holder.connect();
    try {
      await holder.query('SET lock_timeout = 0; SET statement_timeout = 0; BEGIN');
      await holder.query('SELECT FROM products WHERE id = $1 FOR UPDATE', [product.id]);
      const change = { token, headers: { 'if-match': '*' } };
      const answer = await client.patch(`/v1/products/${product.id}`, { title: 'Changed' }, change);
      expect(answer).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    } finally {
      await holder.end();
    }
    const { body } = await client.get(`/v1/products/${product.id}`, { token });
    expect(body.title).toBe('Held');
  });

  it('imports in smaller pieces what takes too long in one', async () => {
    // 100 products take 3 s, 50 of them 1.5 s.
    await sql(`
      CREATE FUNCTION insert_slowly() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_sleep(0.03 * (SELECT count(*) FROM inserted)); RETURN NULL; END $$;
      CREATE TRIGGER slow AFTER INSERT ON products REFERENCING NEW TABLE AS inserted EXECUTE FUNCTION insert_slowly()`);
    const lines = Array.from({ length: 100 }, (_, index) =>
      JSON.stringify({ title: `Slow ${index}`, variants: [] }),
    );
    const sent = { body: lines.join('\n'), token, headers: { 'content-type': 'application/x-ndjson' } };
    const { body: queued } = await client.send('POST', '/v1/catalog/imports', sent);

    const stateOf = async () => (await client.get(`/v1/catalog/imports/${queued.id}`, { token })).body;
    await until(async () => (await stateOf()).status === 'completed', 60_000);

    expect(await stateOf()).toMatchObject({ read: 100, created: 100, failed: 0 });
  });
});
