import { CatalogLoader } from '../../src/catalog/catalog-loader.js';
import type { LoadedProduct } from '../../src/catalog/loading/loaded-catalog.js';
import type { Answer } from './client.js';
import { startTestApp, type TestApp } from './app.js';

const PATIENCE_MS = 600_000;

// Every 97th product is changed in the columns that lists sort by, every 89th archived; every 83rd only in what no order knows.
const isMoved = (index: number) => index % 97 === 0;
const isArchived = (index: number) => index % 89 === 1;
const isTouched = (index: number) => index % 83 === 2;

/**
 * Loads so many products, and in every order walks through all of them while writers add, change and archive others: each
 * product that was there throughout, and did not change its place in the order, is seen exactly once.
 */
export function walkWhileWriting({ products, pageSize }: { products: number; pageSize: number }): void {
  let app: TestApp;
  let token: string;
  beforeAll(async () => {
    app = await startTestApp();
    token = await app.signIn('editor');
    await load(app, products);
  }, PATIENCE_MS);
  afterAll(() => app.close());

  it.each(['sort=newest', 'sort=price', 'sort=-price', 'sort=title', 'q=lantern'])(
    'shows each product once that stays where it is, by %s',
    async (query) => {
      const before = await publishedSlugs(app, query === 'q=lantern' ? 'Lantern%' : '%');
      const writer = new Writer(app, token, query, products);
      const seen = new Map<string, number>();
      let cursor = '';
      let pages = 0;
      let writing = Promise.resolve();
      do {
        const { status, body } = await app.get(`/v1/products?${query}&limit=${pageSize}${cursor}`);
        expect(status).toBe(200);
        for (const { slug } of body.items) {
          seen.set(slug, (seen.get(slug) ?? 0) + 1);
        }
        cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
        if (++pages % Math.ceil(before.length / pageSize / 10) === 0) {
          await writing;
          writing = writer.write();
        }
      } while (cursor !== '');
      await writing;

      const steady = before.filter((slug) => !writer.moved.has(slug));
      expect(writer.moved.size).toBeGreaterThan(5);
      expect(steady.length).toBeGreaterThan(before.length * 0.9);
      expect(steady.length).toBeGreaterThan(products / 25);
      expect(steady.filter((slug) => seen.get(slug) !== 1)).toEqual([]);
      expect([...writer.archived].filter((slug) => (seen.get(slug) ?? 0) > 1)).toEqual([]);
    },
    PATIENCE_MS,
  );
}

/** Makes a few changes at a time, several at once. */
class Writer {
  /** What need not be seen exactly once: archived, or with another place in the order. */
  readonly moved = new Set<string>();
  readonly archived = new Set<string>();
  private step = 0;

  constructor(
    private readonly app: TestApp,
    private readonly token: string,
    private readonly round: string,
    private readonly products: number,
  ) {}

  async write(): Promise<void> {
    const start = Math.floor(((this.step % 10) * this.products) / 10);
    const here = Array.from({ length: Math.min(300, this.products / 10) }, (_, index) => start + index);
    const number = this.step++;
    await Promise.all([
      ...[1, 2, 3].map((one) => this.add(`Lantern added ${this.round} ${number} ${one}`)),
      ...here.filter(isMoved).map((index) => this.move(slugOf(index), number)),
      ...here.filter(isArchived).map((index) => this.archive(slugOf(index))),
      ...here
        .filter(isTouched)
        .map((index) => this.patch(slugOf(index), { attributes: { touched: number } })),
    ]);
  }

  private async add(title: string): Promise<void> {
    const answer = await this.app.post(
      '/v1/products',
      { title, status: 'published', variants: [{ sku: title, price: { amount: 500, currency: 'EUR' } }] },
      { token: this.token },
    );
    insist(answer);
  }

  private async move(slug: string, number: number): Promise<void> {
    this.moved.add(slug);
    await this.patch(slug, {
      title: `${number % 2 === 0 ? 'Aa' : 'Zz'} moved lantern ${this.round} ${slug}`,
    });
    const { body } = await this.app.get(`/v1/products/${slug}`);
    const path = `/v1/products/${body.id}/variants/${body.variants[0].id}`;
    const price = { amount: 1 + ((number * 7919) % 90_000), currency: 'EUR' };
    insist(await this.app.patch(path, { price }, { token: this.token }));
  }

  private async archive(slug: string): Promise<void> {
    this.moved.add(slug);
    this.archived.add(slug);
    await this.patch(slug, { status: 'archived' });
  }

  private async patch(slug: string, change: object): Promise<void> {
    const { body } = await this.app.get(`/v1/products/${slug}`, { token: this.token });
    const headers = { 'if-match': '*' };
    insist(
      await this.app.patch(`/v1/products/${body.id}`, change, {
        token: this.token,
        headers,
      }),
    );
  }
}

function insist({ status, text }: Answer): void {
  if (status >= 300) {
    throw new Error(`a writer was refused: ${status} ${text}`);
  }
}

function slugOf(index: number): string {
  return `lamp-${index}`;
}

async function publishedSlugs(app: TestApp, titles: string): Promise<string[]> {
  const rows = await app.database.query<{ slug: string }[]>(
    `SELECT d.slug FROM product_documents d JOIN products p ON p.id = d.product_id
     WHERE d.status = 'published' AND p.title LIKE $1`,
    [titles],
  );
  return rows.map(({ slug }) => slug);
}

async function load(app: TestApp, count: number): Promise<void> {
  const products = Array.from({ length: count }, (_, index) => productOf(index));
  await app.database.transaction(async (manager) => {
    const loader = app.nest.get(CatalogLoader);
    await loader.loadIfEmpty(manager, { categories: [], products });
  });
  await app.database.query('ANALYZE product_documents');
}

// One in twenty is found by a query: ranking takes longer than reading an index.
function titleOf(index: number): string {
  if (index % 20 === 0) {
    return index % 60 === 0 ? 'Lantern' : `Lantern ${index}`;
  }
  return index % 5 === 1 ? 'Lamp' : `Lamp ${(index * 7919) % 50_000}`;
}

// Many share a price, a minute or the words of their title: the id has to tell them apart.
function productOf(index: number): LoadedProduct {
  const at = new Date(Date.UTC(2026, 0, 1) + Math.floor(index / 7) * 1000).toISOString();
  return {
    slug: slugOf(index),
    title: titleOf(index),
    description: '',
    brand: `Brand ${index % 40}`,
    status: 'published',
    attributes: {},
    categorySlugs: [],
    variants: [
      {
        sku: `L${index}`,
        title: null,
        price: { amount: 100 + ((index * 31) % 5000), currency: 'EUR' },
        stock: 1,
        options: {},
      },
    ],
    createdAt: at,
    publishedAt: at,
  };
}
