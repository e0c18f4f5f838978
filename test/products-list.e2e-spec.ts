import { startTestApp, type TestApp } from './support/app.js';
import { type SampleProduct, fillShop } from './support/shop.js';
import { forgeCursor, readCursor } from './support/cursor.js';

const SAMPLES: readonly SampleProduct[] = [
  { title: 'Anorak', price: 5000, stock: 2, brand: 'Alba', categories: ['jackets'] },
  { title: 'boots', price: 7000, stock: 0, brand: 'Bora', categories: ['shoes'] },
  { title: 'Cap', price: 900, stock: 5, brand: 'Alba', categories: ['clothes'] },
  { title: 'Dress', price: 5000, stock: 1, brand: 'Céline', categories: ['clothes'] },
  { title: 'Espadrilles', price: 5000, stock: 1, categories: ['shoes'] },
  { title: 'Fleece', categories: ['jackets'], brand: 'Bora' },
  { title: 'Draft', price: 100, stock: 1, categories: ['shoes'], status: 'draft' },
  { title: 'Archived', price: 100, stock: 1, categories: ['shoes'], status: 'archived' },
];

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
  await fillShop(app, token, ['Shoes'], SAMPLES);
});

afterAll(() => app.close());

async function titles(query: string, sending = {}): Promise<string[]> {
  const { body } = await app.get(`/v1/products?${query}`, sending);
  return body.items.map(({ title }: { title: string }) => title);
}

/** All titles of a list, walked through page by page; `between` runs before each next page. */
async function walk(query: string, between = async () => {}): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const { status, body } = await app.get(
      `/v1/products?${query}${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    expect(status).toBe(200);
    found.push(...body.items.map(({ title }: { title: string }) => title));
    cursor = body.nextCursor;
    if (cursor !== null) {
      await between();
    }
  } while (cursor !== null);
  return found;
}

const NEWEST = ['Fleece', 'Espadrilles', 'Dress', 'Cap', 'boots', 'Anorak'];

describe('GET /v1/products', () => {
  it('lists what is published, newest first, each as it is read alone', async () => {
    const { status, headers, body } = await app.get('/v1/products');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Object.keys(body)).toEqual(['items', 'nextCursor']);
    expect(body.items.map(({ title }: { title: string }) => title)).toEqual(NEWEST);
    expect(body.nextCursor).toBeNull();
    expect(body.items[0]).toEqual((await app.get('/v1/products/fleece')).body);
  });

  it('has no items, and no next page, where nothing matches', async () => {
    expect((await app.get('/v1/products?category=nowhere')).text).toBe('{"items":[],"nextCursor":null}');
  });

  it.each([
    ['sort=newest', NEWEST],
    ['sort=price', ['Cap', 'Anorak', 'Dress', 'Espadrilles', 'boots', 'Fleece']],
    ['sort=-price', ['boots', 'Espadrilles', 'Dress', 'Anorak', 'Cap', 'Fleece']],
    ['sort=title', ['Anorak', 'boots', 'Cap', 'Dress', 'Espadrilles', 'Fleece']],
  ])('%s has the same order in one page and in many', async (query, expected) => {
    expect(await titles(query)).toEqual(expected);
    expect(await walk(`${query}&limit=1`)).toEqual(expected);
    expect(await walk(`${query}&limit=4`)).toEqual(expected);
  });

  it.each([
    ['category=clothes', ['Fleece', 'Dress', 'Cap', 'Anorak']],
    ['category=jackets', ['Fleece', 'Anorak']],
    ['category=Shoes', []],
    ['brand=Alba', ['Cap', 'Anorak']],
    ['brand=Alba&brand=Bora', ['Fleece', 'Cap', 'boots', 'Anorak']],
    ['brand=C%C3%A9line', ['Dress']],
    ['brand=alba', []],
    ['minPrice=5000', ['Espadrilles', 'Dress', 'boots', 'Anorak']],
    ['maxPrice=5000', ['Espadrilles', 'Dress', 'Cap', 'Anorak']],
    ['minPrice=901&maxPrice=5000', ['Espadrilles', 'Dress', 'Anorak']],
    ['minPrice=2&maxPrice=1', []],
    ['minPrice=1000000000000', []],
    ['inStock=true', ['Espadrilles', 'Dress', 'Cap', 'Anorak']],
    ['inStock=false', ['Fleece', 'boots']],
    ['category=clothes&brand=Alba&inStock=true&maxPrice=1000', ['Cap']],
    ["category=shoes' OR 1=1 --", []],
    ['status=published', NEWEST],
  ])('%s lists the right products', async (query, expected) => {
    expect(await titles(query)).toEqual(expected);
    expect(await walk(`${query}&limit=1`)).toEqual(expected);
  });

  it('count=true tells how many there are, whatever the page', async () => {
    const first = await app.get('/v1/products?brand=Alba&brand=Bora&limit=1&count=true');
    const second = await app.get(
      `/v1/products?brand=Bora&brand=Alba&limit=1&count=true&cursor=${first.body.nextCursor}`,
    );

    expect([first.body.total, second.body.total]).toEqual([4, 4]);
    expect((await app.get('/v1/products?category=nowhere&count=true')).text).toBe(
      '{"items":[],"nextCursor":null,"total":0}',
    );
    expect((await app.get('/v1/products?count=false')).body).not.toHaveProperty('total');
  });

  it('has no next page behind a page that is just full', async () => {
    expect((await app.get('/v1/products?limit=6')).body.nextCursor).toBeNull();
    expect((await app.get('/v1/products?limit=5')).body.nextCursor).toEqual(expect.any(String));
  });

  it('shows each product once while others come and go', async () => {
    let made = 0;
    const disturb = async () => {
      const { body } = await app.post(
        '/v1/products',
        { title: `AA ${++made}`, status: 'published' },
        { token },
      );
      await app.delete(`/v1/products/${body.id}`, { token, headers: { 'if-match': '*' } });
      await app.post(
        '/v1/products',
        { title: `AB ${made}`, slug: `ab-${made}`, status: 'published', brand: 'Gone' },
        { token },
      );
    };

    const found = await walk('sort=title&limit=2', disturb);

    expect(found).toEqual(['Anorak', 'boots', 'Cap', 'Dress', 'Espadrilles', 'Fleece']);
    for (let index = 1; index <= made; index++) {
      const { body } = await app.get(`/v1/products/ab-${index}`);
      await app.delete(`/v1/products/${body.id}`, { token, headers: { 'if-match': '*' } });
    }
  });

  it('pages through products of the same key by id', async () => {
    const same = { title: 'Twin', brand: 'Twins', status: 'published' };
    for (let index = 0; index < 7; index++) {
      await app.post(
        '/v1/products',
        { ...same, variants: [{ sku: `twin-${index}`, price: { amount: 5, currency: 'EUR' } }] },
        { token },
      );
    }
    for (const sort of ['newest', 'price', '-price', 'title']) {
      const ids = new Set<string>();
      let cursor = '';
      do {
        const { body } = await app.get(`/v1/products?brand=Twins&sort=${sort}&limit=2${cursor}`);
        body.items.forEach(({ id }: { id: string }) => ids.add(id));
        cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
      } while (cursor !== '');
      expect(ids.size).toBe(7);
    }
    for (const { id } of (await app.get('/v1/products?brand=Twins')).body.items) {
      await app.delete(`/v1/products/${id}`, { token, headers: { 'if-match': '*' } });
    }
  });

  it('pages through titles that PostgreSQL and JSON have to escape', async () => {
    const odd = ['"quoted" \\ back', "it's 100% _odd_", '漢字 😀', 'İstanbul', 'é'.repeat(200)];
    for (const title of odd) {
      await app.post('/v1/products', { title, brand: 'Odd', status: 'published' }, { token });
    }

    const found = await walk('brand=Odd&sort=title&limit=1');

    expect(found.toSorted()).toEqual(odd.toSorted());
    for (const { id } of (await app.get('/v1/products?brand=Odd')).body.items) {
      await app.delete(`/v1/products/${id}`, { token, headers: { 'if-match': '*' } });
    }
  });

  it('sorts titles in every script without accents and case, those alike by id', async () => {
    const sorted = ['\u0301', '™ Aal', 'Äpfel', 'Apfel', 'Éclair', 'İstanbul', 'ñandú', 'Öl', 'Zebra', 'ΆΝΕΜΟΙ', 'άνεμοι', 'Яблоко', 'яма', 'ﷺ'.repeat(200)]; // prettier-ignore
    for (const title of sorted) {
      await app.post('/v1/products', { title, brand: 'Sorted', status: 'published' }, { token });
    }

    expect(await titles('brand=Sorted&sort=title')).toEqual(sorted);
    expect(await walk('brand=Sorted&sort=title&limit=1')).toEqual(sorted);
    for (const { id } of (await app.get('/v1/products?brand=Sorted')).body.items) {
      await app.delete(`/v1/products/${id}`, { token, headers: { 'if-match': '*' } });
    }
  });

  describe('status', () => {
    it.each([
      ['draft', ['Draft']],
      ['published', NEWEST],
    ])('%s is listed for editors', async (status, expected) => {
      expect(await titles(`status=${status}`, { token })).toEqual(expected);
      expect(await titles(`status=${status}`, { token: await app.signIn('admin') })).toEqual(expected);
    });

    it('archived is listed for editors', async () => {
      expect(await titles('status=archived&limit=100', { token })).toContain('Archived');
    });

    it.each(['draft', 'archived'])('%s is 401 for guests and 403 for customers', async (status) => {
      const asGuest = await app.get(`/v1/products?status=${status}`);
      const asCustomer = await app.get(`/v1/products?status=${status}`, {
        token: await app.signIn('customer'),
      });

      expect(asGuest).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
      expect(asGuest.headers.get('www-authenticate')).toBe('Bearer');
      expect(asCustomer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    });

    it('is published for editors who do not say', async () => {
      expect(await titles('', { token })).toEqual(NEWEST);
    });
  });

  describe('cursor', () => {
    async function cursorOf(query: string): Promise<string> {
      return (await app.get(`/v1/products?limit=1&${query}`)).body.nextCursor;
    }

    it.each([
      ['sort=price', 'sort=title'],
      ['', 'sort=price'],
      ['category=clothes', 'category=jackets'],
      ['category=clothes', ''],
      ['brand=Alba', 'brand=Bora'],
      ['minPrice=1', 'maxPrice=1'],
      ['inStock=true', 'inStock=false'],
    ])('of "%s" is 400 for "%s"', async (made, used) => {
      const { status, body } = await app.get(`/v1/products?${used}&cursor=${await cursorOf(made)}`);

      expect({ status, code: body.code }).toEqual({ status: 400, code: 'bad-request' });
    });

    it('is good for another limit', async () => {
      expect(await titles(`sort=title&limit=2&cursor=${await cursorOf('sort=title')}`)).toEqual([
        'boots',
        'Cap',
      ]);
    });

    it('of the users is 400', async () => {
      const users = await app.get('/v1/users?limit=1', { token: await app.signIn('admin') });
      expect(users.body.nextCursor).toEqual(expect.any(String));

      expect((await app.get(`/v1/products?cursor=${users.body.nextCursor}`)).status).toBe(400);
    });

    it.each(['', 'x', '%00', 'e30', 'bnVsbA', '====', 'W10', "'", 'A'.repeat(3000)])(
      '%s is 400',
      async (cursor) => {
        expect((await app.get(`/v1/products?cursor=${cursor}`)).status).toBe(400);
      },
    );

    it('is 400 where one character is missing or another', async () => {
      const cursor = await cursorOf('sort=price');
      for (const damaged of [cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, `A${cursor.slice(1)}`]) {
        expect((await app.get(`/v1/products?sort=price&cursor=${damaged}`)).status).toBe(400);
      }
    });

    it.each([
      ['newest', '2026-13-99 25:00:00+00'],
      ['newest', 'yesterday'],
      ['newest', 5],
      ['price', '99999999999999999999'],
      ['price', "1' OR 1=1"],
      ['price', 5],
      ['title', '\0'],
      ['title', null],
    ])('forged for %s with the key %j is 400', async (sort, key) => {
      const [list, , id] = readCursor(await cursorOf(`sort=${sort}`));

      const answers = await Promise.all(
        [
          forgeCursor([list, key, id]),
          forgeCursor([list, key, 'no-id']),
          forgeCursor([list, key]),
          forgeCursor([list, key, id, 1]),
        ].map((cursor) => app.get(`/v1/products?sort=${sort}&cursor=${cursor}`)),
      );

      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    });
  });

  it.each([
    ['limit=0', '/query/limit'],
    ['limit=101', '/query/limit'],
    ['limit=-1', '/query/limit'],
    ['limit=1.5', '/query/limit'],
    ['limit=ten', '/query/limit'],
    ['limit=', '/query/limit'],
    ['limit=1e1', '/query/limit'],
    ['limit=5&limit=6', '/query/limit'],
    ['limit=99999999999999999999', '/query/limit'],
    ['sort=cheap', '/query/sort'],
    ['sort=relevance', '/query/sort'],
    ['sort=price;drop', '/query/sort'],
    ['status=gone', '/query/status'],
    ['category=', '/query/category'],
    ['category=a&category=b', '/query/category'],
    ['category=%00', '/query/category'],
    ['brand=', '/query/brand'],
    ['brand=a&brand=%00', '/query/brand'],
    [Array.from({ length: 21 }, (_, n) => `brand=${n}`).join('&'), '/query/brand'],
    ['minPrice=-1', '/query/minPrice'],
    ['maxPrice=1000000000001', '/query/maxPrice'],
    ['maxPrice=19.99', '/query/maxPrice'],
    ['inStock=yes', '/query/inStock'],
    ['count=1', '/query/count'],
    ['offset=5', '/query/offset'],
    ['q=', '/query/q'],
    ['q=%00', '/query/q'],
    ['q=a&q=b', '/query/q'],
    [`q=${'x'.repeat(201)}`, '/query/q'],
    [`q=${'x'.repeat(10_000)}`, '/query/q'],
    ['facets=1', '/query/facets'],
    ['attributes=red', '/query/attributes'],
    ['attributes[color]=', '/query/attributes[color]'],
    ['attributes[color]=%00', '/query/attributes[color]'],
    ['attributes[%00]=red', '/query/attributes[\0]'],
    ['attributes[]=red', '/query/attributes[]'],
    [`attributes[color]=${'x'.repeat(501)}`, '/query/attributes[color]'],
    [`attributes[color]=${encodeURIComponent('😀'.repeat(501))}`, '/query/attributes[color]'],
    [`q=${encodeURIComponent('😀'.repeat(201))}`, '/query/q'],
    [`brand=${encodeURIComponent('😀'.repeat(201))}`, '/query/brand'],
    ['brand[]=Alba', '/query/brand[]'],
    ['q[]=a', '/query/q[]'],
    ['attributes[color][]=', '/query/attributes[color][]'],
    [
      `${Array.from({ length: 11 }, (_, n) => `attributes[color]=a${n}`).join('&')}&${Array.from({ length: 10 }, (_, n) => `attributes[color][]=b${n}`).join('&')}`,
      '/query/attributes[color][]',
    ],
    [Array.from({ length: 21 }, (_, n) => `attributes[color]=${n}`).join('&'), '/query/attributes[color]'],
    [Array.from({ length: 11 }, (_, n) => `attributes[a${n}]=1`).join('&'), '/query/attributes[a10]'],
    ['__proto__=x', '/query/__proto__'],
    ['a%2Fb=x', '/query/a~1b'],
    ['cursor=a&cursor=b', '/query/cursor'],
  ])('refuses ?%s with 422', async (query, pointer) => {
    const { status, body } = await app.get(`/v1/products?${query}`);

    expect(status).toBe(422);
    expect(body.code).toBe('validation-failed');
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  it('names every wrong parameter, twenty at most', async () => {
    const two = await app.get('/v1/products?limit=0&sort=x');
    const many = await app.get(`/v1/products?${Array.from({ length: 500 }, (_, n) => `x${n}`).join('&')}`);

    expect(two.body.errors).toHaveLength(2);
    expect(many.body.errors).toHaveLength(20);
  });

  it('lets guests keep a page to revalidate it, and nobody one that a token got', async () => {
    const asGuest = await app.get('/v1/products');
    const asCustomer = await app.get('/v1/products', { token: await app.signIn('customer') });

    expect(asGuest.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    expect(asCustomer.headers.get('cache-control')).toBe('no-store');
    expect(asCustomer.headers.get('vary')).toMatch(/\bAuthorization\b/);
  });
});
