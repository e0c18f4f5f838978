import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { loadSettings } from '../src/config/load-settings.js';
import { migrate, openDataSource } from '../src/database/open-data-source.js';
import { migrations } from '../src/database/migrations.js';
import { type TestApp, startTestApp } from './support/app.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

const COLUMNS = `
  SELECT table_name, column_name, data_type, is_nullable, column_default
  FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name`;
const CONSTRAINTS = `
  SELECT conrelid::regclass::text AS "table", pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`;
const FUNCTIONS = `
  SELECT pg_get_functiondef(p.oid) AS definition FROM pg_proc p
  WHERE pronamespace = 'public'::regnamespace AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c') ORDER BY 1`;
const INDEXES = `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`;

describe('migrations', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openDataSource(
      loadSettings({ NODE_ENV: 'test', ...database.environment, DATABASE_POOL_SIZE: '1' }),
    );
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('do nothing when they have run, with one connection too', async () => {
    const before = await schemaOf(dataSource);

    const names = await migrate(dataSource);

    expect(names).toEqual([]);
    expect(await schemaOf(dataSource)).toEqual(before);
  });

  it('can be taken back to the last table, and run again to the same schema', async () => {
    const before = await schemaOf(dataSource);

    for (const _ of migrations) {
      await dataSource.undoLastMigration({ transaction: 'each' });
    }
    const empty: { name: string }[] = await dataSource.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    const names = await migrate(dataSource);

    expect(empty.map(({ name }) => name)).toEqual(['migrations']);
    expect(names).toEqual(migrations.map(({ name }) => name));
    expect(await schemaOf(dataSource)).toEqual(before);
  });

  it('take the sign-in as the proof of the password in sessions that are older than that', async () => {
    const [user, session, at] = [v7(), v7(), '2026-01-02T03:04:05.678Z'];
    await undoDownTo('AddAuthenticationTime1700000000006');
    await dataSource.query(
      `INSERT INTO users (id, email, roles, status, version, created_at, updated_at)
       VALUES ($1, 'ada@example.com', '{customer}', 'active', 1, $2, $2)`,
      [user, at],
    );
    await dataSource.query(
      `INSERT INTO sessions (id, user_id, delivery, ip, user_agent, created_at, last_used_at, idle_until, expires_at)
       VALUES ($1, $2, 'cookie', '', '', $3, $3, $3, $3)`,
      [session, user, at],
    );

    await migrate(dataSource);

    expect(await dataSource.query('SELECT authenticated_at FROM sessions')).toEqual([
      { authenticated_at: new Date(at) },
    ]);
  });

  it('make products that are older than the search findable', async () => {
    const [product, at] = [v7(), '2026-01-02T03:04:05.678Z'];
    await undoDownTo('AddSearch1700000000011');
    await dataSource.query(
      `INSERT INTO products (id, slug, title, brand, description, status, attributes, created_at, updated_at, published_at)
       VALUES ($1, 'lamp', 'Café Lamps', 'Ada', 'Bright.', 'published', '{"color": ["red"]}', $2, $2, $2)`,
      [product, at],
    );
    await dataSource.query(
      `INSERT INTO variants (id, product_id, sku, price, position) VALUES ($1, $2, 'AB-1', 700, 0)`,
      [v7(), product],
    );
    await dataSource.query(
      `INSERT INTO product_documents
         (product_id, slug, status, listed_at, price_min, sort_title, category_slugs, in_stock, brand, revision, body)
       VALUES ($1, 'lamp', 'published', $2, 700, 'café lamps', '{}', false, 'Ada', 1, '{}')`,
      [product, at],
    );

    await migrate(dataSource);

    expect(
      await dataSource.query(`SELECT search::text, skus, array(SELECT value FROM unnest(facet_values) AS value ORDER BY value COLLATE "C") AS facet_values
         FROM product_documents`),
    ).toEqual([
      {
        search: `'1':5B 'ab':4B 'ab1':6B 'ada':3B 'bright':9 'cafe':1A 'color':7C 'lamp':2A 'red':8C`,
        skus: ['ab1'],
        facet_values: ['a\x1fcolor\x1fred', 'b\x1f\x1fAda', 'p\x1f\x1f1'],
      },
    ]);
    expect(
      await dataSource.query('SELECT word, lexeme, weight FROM search_words ORDER BY weight, word'),
    ).toEqual([
      { word: 'cafe', lexeme: 'cafe', weight: 'A' },
      { word: 'lamps', lexeme: 'lamp', weight: 'A' },
      { word: 'ada', lexeme: 'ada', weight: 'B' },
      { word: 'color', lexeme: 'color', weight: 'C' },
      { word: 'red', lexeme: 'red', weight: 'C' },
      { word: 'bright', lexeme: 'bright', weight: 'D' },
    ]);
  });

  it('sort titles anew that had been sorted by their accents, and touch no others', async () => {
    const at = '2026-01-02T03:04:05.678Z';
    await undoDownTo('SortByFoldedTitles1700000000026');
    for (const [slug, title] of [
      ['oel', 'Öl'],
      ['zebra', 'Zebra'],
    ]) {
      // prettier-ignore
      const id = v7();
      await dataSource.query(
        `INSERT INTO products (id, slug, title, status, created_at, updated_at) VALUES ($1, $2, $3, 'draft', $4, $4)`,
        [id, slug, title, at],
      );
      await dataSource.query(
        `INSERT INTO product_documents
           (product_id, slug, status, listed_at, sort_title, category_slugs, in_stock, revision, head, tail)
         VALUES ($1, $2, 'draft', $3, lower($4), '{}', false, 1, '{', '}')`,
        [id, slug, at, title],
      );
    }
    const documents = `SELECT sort_title, xmin::text AS version FROM product_documents WHERE slug IN ('oel', 'zebra') ORDER BY slug`;
    const before = await dataSource.query(documents);

    await migrate(dataSource);

    const after = await dataSource.query(documents);
    expect(before.map(({ sort_title }: { sort_title: string }) => sort_title)).toEqual(['öl', 'zebra']);
    expect(after.map(({ sort_title }: { sort_title: string }) => sort_title)).toEqual(['ol', 'zebra']);
    expect(after[0].version).not.toBe(before[0].version);
    expect(after[1].version).toBe(before[1].version);
  });

  /** Takes back the newest migrations, and this one at last. */
  async function undoDownTo(name: string): Promise<void> {
    for (const migration of migrations.toReversed()) {
      await dataSource.undoLastMigration({ transaction: 'each' });
      if (migration.name === name) {
        return;
      }
    }
  }
});

describe('entities', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('name columns that the migrations made, null where those allow it', async () => {
    const columns: { name: string; isNullable: boolean }[] = await app.database.query(
      `SELECT table_name || '.' || column_name AS name, is_nullable = 'YES' AS "isNullable"
       FROM information_schema.columns WHERE table_schema = 'public'`,
    );
    const migrated = new Map(columns.map(({ name, isNullable }) => [name, isNullable]));

    const declared = app.database.entityMetadatas.flatMap(({ tableName, columns: own }) =>
      own.map(({ databaseName, isNullable }) => ({ name: `${tableName}.${databaseName}`, isNullable })),
    );

    expect(declared.map(({ name }) => name)).toContain('users.display_name');
    expect(declared).toEqual(declared.map(({ name }) => ({ name, isNullable: migrated.get(name) })));
  });
});

async function schemaOf(dataSource: DataSource): Promise<unknown[]> {
  return Promise.all([COLUMNS, CONSTRAINTS, INDEXES, FUNCTIONS].map((sql) => dataSource.query(sql)));
}
