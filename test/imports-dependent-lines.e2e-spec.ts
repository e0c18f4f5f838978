import type { TestApp } from './support/app.js';
import type { Answer } from './support/client.js';
import { type Importer, startForImports } from './support/importer.js';

let app: TestApp;
let token: string;
let imports: Importer;

beforeAll(async () => {
  ({ app, token, imports } = await startForImports());
});

afterAll(() => app.close());

const price = { amount: 1999, currency: 'EUR' };
const dollars = { amount: 1999, currency: 'USD' };
const product = async (slug: string): Promise<Answer> => app.get(`/v1/products/${slug}`, { token });
const titleOf = async (slug: string) => (await product(slug)).body.title;

describe('lines of an import that depend on each other', () => {
  it('come in the order of the file, whether they name their product by slug or by SKU', async () => {
    await imports.run([{ slug: 'order', title: 'Zero', variants: [{ sku: 'ORDER-1', price }] }]);

    const result = await imports.run([
      { slug: 'order', title: 'One', variants: [] },
      { title: 'Two', variants: [{ sku: 'ORDER-1', price }] },
      { slug: 'order', title: 'Three', variants: [] },
    ]);

    expect(result).toMatchObject({ updated: 3, failed: 0 });
    expect(await titleOf('order')).toBe('Three');
  });

  // So many that some lines of a file are written in one transaction, and others in the next.
  it.each([0, 499])('may take a slug that one of them gives up, %d lines after it', async (between) => {
    const of = (name: string) => `freed-${between}-${name}`;
    const line = (slug: string, sku: string) => ({
      slug: of(slug),
      title: of(sku),
      variants: [{ sku: of(sku), price }],
    });
    await imports.run([line('a', 'A'), line('b', 'B'), line('c', 'C')]);

    const { id, result } = await imports.watch([
      line('z', 'A'),
      ...Array.from({ length: between }, (_, index) => ({ title: `Between ${index}`, variants: [] })),
      line('a', 'B'),
      line('b', 'C'),
    ]);

    expect(await imports.errors(id)).toEqual([]);
    expect(result).toMatchObject({ created: between, updated: 3 });
    expect(await Promise.all(['z', 'a', 'b'].map((slug) => titleOf(of(slug))))).toEqual(
      ['A', 'B', 'C'].map(of),
    );
  });

  it('may not take a slug that is given up only after them, or not at all', async () => {
    await imports.run([
      { slug: 'held-a', title: 'A', variants: [{ sku: 'HELD-A', price }] },
      { slug: 'held-b', title: 'B', variants: [{ sku: 'HELD-B', price }] },
      { slug: 'held-c', title: 'C', variants: [{ sku: 'HELD-C', price }] },
    ]);

    const { id, result } = await imports.watch([
      { slug: 'held-a', title: 'B', variants: [{ sku: 'HELD-B', price }] },
      { slug: 'held-d', title: 'A', variants: [{ sku: 'HELD-A', price }] },
      { slug: 'held-e', title: 'C', variants: [{ sku: 'HELD-C-2', price: dollars }, { sku: 'HELD-C', price: dollars }, { sku: 'HELD-D', price }] }, // prettier-ignore
      { slug: 'held-c', title: 'B', variants: [{ sku: 'HELD-B', price }] },
    ]);

    expect(result).toMatchObject({ created: 0, updated: 1, failed: 3 });
    expect(await imports.errors(id)).toEqual([
      { line: 1, reason: 'The slug "held-a" is taken by another product than the SKU "HELD-B".' },
      { line: 3, reason: expect.stringContaining('currency') },
      { line: 4, reason: 'The slug "held-c" is taken by another product than the SKU "HELD-B".' },
    ]);
  });
});

describe('the categories of a line that is refused', () => {
  const category = async (slug: string) => (await app.get(`/v1/categories/${slug}`)).status;

  it('are not made, whatever speaks against the line', async () => {
    await imports.run([
      { slug: 'owner-a', title: 'A', variants: [{ sku: 'OWNER-A', price }] },
      { slug: 'owner-b', title: 'B', variants: [{ sku: 'OWNER-B', price }] },
    ]);

    const result = await imports.run([
      { title: 'Two', categories: ['Ghost A/Deep'], variants: [{ sku: 'OWNER-A', price }, { sku: 'OWNER-B', price }] }, // prettier-ignore
      {
        slug: 'owner-a',
        title: 'A',
        categories: ['Ghost B'],
        variants: [{ sku: 'OWNER-C', price: dollars }],
      },
      { title: 'Fine', categories: ['Living/Room'], variants: [] },
      { title: 'Wrong', categories: ['Ghost C'], brand: 7, variants: [] },
    ]);

    expect(result).toMatchObject({ created: 1, updated: 0, failed: 3 });
    expect(await Promise.all(['ghost-a', 'deep', 'ghost-b', 'ghost-c'].map(category))).toEqual([404, 404, 404, 404]); // prettier-ignore
    expect(await Promise.all(['living', 'room'].map(category))).toEqual([200, 200]);
  });

  it('are there for a line of the same product that comes after it', async () => {
    const result = await imports.run([
      { slug: 'twice-told', title: 'One', categories: ['Told/Once'], variants: [] },
      { slug: 'twice-told', title: 'Two', categories: ['Told/Twice', 'Told/Once'], variants: [] },
    ]);

    expect(result).toMatchObject({ created: 1, updated: 1, failed: 0 });
    expect((await product('twice-told')).body.categories).toMatchObject([
      { path: 'Told/Twice' },
      { path: 'Told/Once' },
    ]);
  });
});
