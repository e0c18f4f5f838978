import { type TestApp } from './support/app.js';
import { type Importer, startForImports } from './support/importer.js';

let app: TestApp;
let token: string;
let imports: Importer;

beforeAll(async () => {
  ({ app, token, imports } = await startForImports());
});

afterAll(() => app.close());

const create = async (title: string, slug?: string): Promise<string> =>
  (await app.post('/v1/products', { title, slug }, { token })).body.slug;
const slugsLike = async (pattern: string): Promise<string[]> =>
  (
    await app.database.query('SELECT slug FROM products WHERE slug LIKE $1 ORDER BY length(slug), slug', [
      pattern,
    ])
  ).map(({ slug }: { slug: string }) => slug);

describe('a slug that is made where its own is taken', () => {
  it('has the lowest number that is free: not the next model, nor the next year', async () => {
    const slugs = [];
    for (const title of ['iPhone', 'iPhone 15', 'iPhone', 'iPhone']) {
      slugs.push(await create(title));
    }
    await create('Catalogue', 'catalogue-2026');
    await create('Catalogue', 'catalogue-3');

    expect(slugs).toEqual(['iphone', 'iphone-15', 'iphone-2', 'iphone-3']);
    expect(await create('Catalogue')).toBe('catalogue');
    expect(await create('Catalogue')).toBe('catalogue-2');
    expect(await create('Catalogue')).toBe('catalogue-4');
  });

  it('has it in an import too, and leaves what other lines ask for or would be called', async () => {
    await imports.run([
      { title: 'Pixel', variants: [] },
      { title: 'Pixel 9', variants: [] },
    ]);

    const result = await imports.run([
      ...Array.from({ length: 3 }, () => ({ title: 'Pixel', variants: [] })),
      { title: 'Pixel 3', variants: [] },
      { slug: 'pixel-4', title: 'Own', variants: [] },
    ]);

    expect(result).toMatchObject({ created: 5, failed: 0 });
    expect(await slugsLike('pixel%')).toEqual([
      'pixel',
      'pixel-2',
      'pixel-3',
      'pixel-4',
      'pixel-5',
      'pixel-6',
      'pixel-9',
    ]);
  });

  it('has no number that makes the old slug of another: links to that go on', async () => {
    await create('Moved');
    await create('Moved');
    const { body, headers } = await app.get('/v1/products/moved-2', { token });
    const ifMatch = { 'if-match': headers.get('etag') ?? '' };
    await app.patch(`/v1/products/${body.id}`, { slug: 'gone' }, { token, headers: ifMatch });

    expect(await create('Moved')).toBe('moved-3');
    expect((await app.get('/v1/products/moved-2', { token })).headers.get('location')).toContain('/gone');
  });

  it('is found whatever large numbers are taken', async () => {
    for (const slug of ['sho', 'sho-999999999', 'sho-1000000000']) {
      await create('Sho', slug);
    }

    const { id, result } = await imports.watch([{ title: 'Sho', variants: [] }]);

    expect(await imports.errors(id)).toEqual([]);
    expect(result).toMatchObject({ created: 1 });
    expect(await create('Sho')).toBe('sho-3');
    expect(await slugsLike('sho-_')).toEqual(['sho-2', 'sho-3']);
  });

  it('has random digits behind it where thousands are taken', async () => {
    await app.database.query(
      `INSERT INTO products (id, slug, title, description, status, attributes, created_at, updated_at)
       SELECT gen_random_uuid(), CASE number WHEN 1 THEN 'full' ELSE 'full-' || number END, 'Full', '', 'draft', '{}', now(), now()
       FROM generate_series(1, 5000) number`,
    );

    const made = await create('Full');
    const result = await imports.run([
      { title: 'Full', variants: [] },
      { title: 'Full', variants: [] },
    ]);

    expect(made).toMatch(/^full-[0-9a-f]{16}$/);
    expect(result).toMatchObject({ created: 2, failed: 0 });
  });

  it('is made for categories by the same rule', async () => {
    const name = async (parent: string, one: string) => {
      const { body } = await app.post('/v1/categories', { name: parent }, { token });
      return (await app.post('/v1/categories', { name: one, parentId: body.id }, { token })).body.slug;
    };

    expect([await name('P1', 'Size'), await name('P2', 'Size 40'), await name('P3', 'Size')]).toEqual([
      'size',
      'size-40',
      'size-2',
    ]);
  });
});
