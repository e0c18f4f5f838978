import { checkCatalog } from '../src/catalog/check/catalog-check.js';
import { startTestApp, type TestApp } from './support/app.js';
import { CatalogChanger, drawChanges, KINDS } from './support/catalog-changes.js';
import { onServer } from './support/test-database.js';

jest.setTimeout(180_000);

const SEED = 20_261_125;
/** Fewer on the embedded database, where the whole suite is to be quick, and one by one: it has one connection. */
const [COUNT, AT_ONCE] = onServer ? [4000, 8] : [500, 1];
const BATCH = COUNT / 10;

const LEDGER_GAPS = `
  SELECT variant_id FROM (
    SELECT variant_id, stock_after, delta, lag(stock_after) OVER history AS before, lead(number) OVER history AS next, v.stock
    FROM stock_adjustments JOIN variants v ON v.id = variant_id WINDOW history AS (PARTITION BY variant_id ORDER BY number)
  ) changes
  WHERE before IS NOT NULL AND before + delta <> stock_after OR next IS NULL AND stock_after <> stock`;

describe(`${COUNT} random changes of the catalog, ${AT_ONCE} at once`, () => {
  let app: TestApp;
  let token: string;
  const outcomes: string[] = [];
  beforeAll(async () => {
    app = await startTestApp({ LOG_LEVEL: 'warn' });
    token = await app.signIn('editor');
  });
  afterAll(() => app.close());

  async function allProducts(): Promise<any[]> {
    const items: any[] = [];
    for (const status of ['draft', 'published', 'archived']) {
      let cursor: string | null = '';
      while (cursor !== null) {
        const path = `/v1/products?status=${status}&sort=title&limit=100${cursor && `&cursor=${cursor}`}`;
        const { body } = await app.get(path, { token });
        items.push(...body.items);
        cursor = body.nextCursor;
      }
    }
    return items;
  }

  it('leave no difference between documents and tables at any time, and no gap in the history of a stock', async () => {
    const changer = new CatalogChanger(app, token);
    const draws = drawChanges(COUNT, SEED);
    const differences: string[] = [];

    for (let begin = 0; begin < COUNT; begin += BATCH) {
      outcomes.push(...(await changer.make(draws.slice(begin, begin + BATCH), AT_ONCE)));
      await checkCatalog(app.database.manager, (line) => differences.push(`after ${begin + BATCH}: ${line}`));
      differences.push(
        ...(await app.database.query(LEDGER_GAPS)).map(({ variant_id: id }: any) => `history of ${id}`),
      );
    }

    expect(differences).toEqual([]);
  });

  it('are made or refused, each for a reason, and of each kind some are made', () => {
    const failed = outcomes.filter((outcome) => !/ (200|201|204|404|409|422)$/.test(outcome));
    const succeeded = new Set(outcomes.filter((one) => / 20\d$/.test(one)).map((one) => one.split(' ')[0]));

    expect(outcomes).toHaveLength(COUNT);
    expect(failed).toEqual([]);
    expect([...succeeded].toSorted()).toEqual(KINDS.toSorted());
    expect(outcomes.filter((outcome) => outcome.endsWith('409')).length).toBeGreaterThan(10);
  });

  it('leave products whose members agree with each other and with the tables', async () => {
    const products = await allProducts();
    const rows: { id: string; stock: number; price: string }[] = await app.database.query(
      'SELECT id, stock, price FROM variants',
    );
    const variants = new Map(rows.map((row) => [row.id, row]));
    const { body } = await app.get('/v1/categories');
    const paths = new Map<string, string>();
    const walk = (category: any, above: string) => {
      const path = `${above}${category.name}`;
      paths.set(category.id, path);
      category.children.forEach((child: any) => walk(child, `${path}/`));
    };
    body.items.forEach((root: any) => walk(root, ''));

    expect(products.length).toBeGreaterThan(20);
    expect(products.flatMap((product) => product.variants)).toHaveLength(rows.length);
    for (const product of products) {
      const amounts = product.variants.map(({ price }: any) => price.amount);
      const stocks = product.variants.map(({ id }: any) => variants.get(id)?.stock);
      expect(product.variants.map(({ stock }: any) => stock)).toEqual(stocks);
      expect(amounts).toEqual(product.variants.map(({ id }: any) => Number(variants.get(id)?.price)));
      expect(product.inStock).toBe(stocks.some((stock: number) => stock > 0));
      expect(product.priceRange?.min.amount).toBe(amounts.length > 0 ? Math.min(...amounts) : undefined);
      expect(product.priceRange?.max.amount).toBe(amounts.length > 0 ? Math.max(...amounts) : undefined);
      expect(product.categories.map(({ path }: any) => path)).toEqual(
        product.categories.map(({ id }: any) => paths.get(id)),
      );
    }
  });

  it('leave old slugs that all lead to what is there', async () => {
    const old: { slug: string; id: string }[] = await app.database.query(
      'SELECT slug, product_id AS id FROM old_product_slugs',
    );

    expect(old.length).toBeGreaterThan(5);
    for (const { slug, id } of old) {
      const moved = await app.get(`/v1/products/${slug}`, { token });
      const found = await app.get(moved.headers.get('location') ?? '', { token });
      expect({ status: moved.status, found: found.body.id }).toEqual({ status: 301, found: id });
    }
  });
});
