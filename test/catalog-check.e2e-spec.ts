import { checkCatalog } from '../src/catalog/check/catalog-check.js';
import { startTestApp, type TestApp } from './support/app.js';
import { runCommand } from './support/command.js';
import { type TestDatabase, createTestDatabase } from './support/test-database.js';

jest.setTimeout(60_000);

async function createProduct(app: TestApp, slug: string): Promise<string> {
  const variants = [{ sku: slug, price: { amount: 100, currency: 'EUR' }, stock: 3 }];
  const body = { title: slug, slug, status: 'published', categories: ['shelf'], variants };
  const answer = await app.post('/v1/products', body, { token: await app.signIn('editor') });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

describe('the check of the catalog', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await app.post('/v1/categories', { name: 'Shelf' }, { token: await app.signIn('editor') });
  });
  afterAll(() => app.close());

  async function differences(): Promise<string[]> {
    const lines: string[] = [];
    await checkCatalog(app.database.manager, (line) => lines.push(line));
    return lines;
  }

  const sql = (text: string, values: unknown[] = []) => app.database.query(text, values);

  it('finds nothing where nothing is wrong, over more products than it holds at once', async () => {
    for (let number = 0; number < 3; number++) {
      await createProduct(app, `fine-${number}`);
    }
    await sql(`INSERT INTO products (id, slug, title, status, created_at, updated_at)
      SELECT gen_random_uuid(), 'many-' || n, 'Many', 'draft', now(), now() FROM generate_series(1, 450) n`);

    expect((await differences()).length).toBe(450);
    await sql(`DELETE FROM products WHERE slug LIKE 'many-%'`);
    expect(await differences()).toEqual([]);
    expect(await checkCatalog(app.database.manager, () => undefined)).toBe(3);
  });

  it.each([
    ['a column', `slug = 'other'`, ['slug: "other" instead of "SLUG"']],
    ['another', 'revision = 9, brand = $$x$$', ['brand: "x" instead of null', 'revision: 9 instead of 1']],
    ['a stock', `tail = replace(tail, '"stock":3', '"stock":4')`, ['body/variants/0/stock: 4 instead of 3']],
    ['a title', `head = replace(head, '"title":"', '"title":"New ')`, ['body/title: "New SLUG" instead of "SLUG"']], // prettier-ignore
    ['a path', `head = replace(head, '"path":"Shelf"', '"path":null')`, ['body/categories/0/path: null instead of "Shelf"']], // prettier-ignore
    ['the filters', `category_slugs = '{shelf,shed}'`, ['category_slugs/1: "shed" instead of nothing']],
    ['the order', `price_min = NULL`, ['price_min: null instead of 100']],
    ['blanks', `tail = tail || ' '`, ['body: is spelt in another way']],
    ['a cut', `tail = left(tail, -1)`, ['body: is no JSON']],
  ])('reports %s that was changed by hand, with the product', async (name, set, expected) => {
    const slug = `broken-${name.replaceAll(' ', '-')}`;
    const id = await createProduct(app, slug);
    await sql(`UPDATE product_documents SET ${set} WHERE product_id = $1`, [id]);

    const lines = await differences();

    expect(lines.filter((line) => line.startsWith('product '))).toEqual(
      expected.map((what) => `product ${id}: ${what.replaceAll('SLUG', slug)}`),
    );
    await sql('DELETE FROM products WHERE id = $1', [id]);
    await sql(`DELETE FROM category_product_counts`);
    await sql(`INSERT INTO category_product_counts SELECT 'shelf', count(*) FROM product_documents`);
    expect(await differences()).toEqual([]);
  });

  it('reports a product without a document', async () => {
    const id = await createProduct(app, 'without-document');
    await sql('DELETE FROM product_documents WHERE product_id = $1', [id]);

    expect(await differences()).toEqual([
      `product ${id}: has no document`,
      'category shelf: counts 4 products instead of 3',
    ]);
    await sql('DELETE FROM products WHERE id = $1', [id]);
    await sql('UPDATE category_product_counts SET products = products - 1');
  });

  it('reports a document without a product', async () => {
    const id = await createProduct(app, 'without-product');
    await sql('ALTER TABLE product_documents DROP CONSTRAINT product_documents_product_id_fkey');
    await sql('DELETE FROM products WHERE id = $1', [id]);

    expect(await differences()).toEqual([`product ${id}: has a document, but no product`]);
    await sql('DELETE FROM product_documents WHERE product_id = $1', [id]);
    await sql('UPDATE category_product_counts SET products = products - 1');
  });

  it('reports a wrong counter, a wrong path and an old slug that lives', async () => {
    const id = await createProduct(app, 'lives');
    await sql('UPDATE category_product_counts SET products = 7');
    await sql(`UPDATE categories SET path = 'Elsewhere'`);
    await sql(`INSERT INTO old_product_slugs VALUES ('lives', $1)`, [id]);

    const lines = await differences();

    expect(lines.filter((line) => !line.startsWith('product '))).toEqual([
      'category shelf: counts 7 products instead of 4',
      'category shelf: path or lineage of "Elsewhere" instead of "Shelf"',
      'old slug lives: is a present one, too',
    ]);
    expect(lines).toContain(`product ${id}: body/categories/0/path: "Shelf" instead of "Elsewhere"`);
  });
});

describe('npm run catalog:check', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('ends with 0 and says how many it has seen, and with 1 and the differences where there are any', async () => {
    const first = await startTestApp({}, database);
    await first.post('/v1/categories', { name: 'Shelf' }, { token: await first.signIn('editor') });
    const id = await createProduct(first, 'checked');
    await first.close();
    const good = await runCommand('catalog-check', database.environment);
    const second = await startTestApp({}, database);
    await second.database.query(`UPDATE product_documents SET in_stock = false`);
    await second.close();

    const bad = await runCommand('catalog-check', database.environment);

    expect(good).toEqual({ code: 0, output: '1 products, and no difference.\n', errors: '' });
    expect(bad).toEqual({
      code: 1,
      output: `product ${id}: in_stock: false instead of true\n`,
      errors: '1 differences in 1 products.\n',
    });
  });
});
