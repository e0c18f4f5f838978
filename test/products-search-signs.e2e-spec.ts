import { migrate } from '../src/database/open-data-source.js';
import { migrations } from '../src/database/migrations.js';
import { startTestApp, type TestApp } from './support/app.js';
import { fillShop } from './support/shop.js';

// One of many scripts each, and a character that Unicode has not given a meaning yet.
const SIGNS = [
  '،', '؛', '؟', '۔', '־', '׳', '।', '॥', '።', '፡', '།', '་', '၊', '។', '᠃', '๏', '՞', '჻',
  '・', '･', '、', '。', '「', '〜', '！', '﹏', '꘎', '𑁇', '฿', '\ufeff', '\ue000', '\u0378',
]; // prettier-ignore

const TITLES = [
  ...Array.from({ length: 25 }, (_, index) => `Headphones ${index}`),
  'سماعات، رأس',
  'ヘッドホン・ケース',
  'אוזניות בית־ספר',
];

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
  await fillShop(app, token, [], TITLES.map((title) => ({ title, price: 100 }))); // prettier-ignore
});

afterAll(() => app.close());

const list = (q: string, more = '') => app.get(`/v1/products?q=${encodeURIComponent(q)}${more}`);

async function titles(q: string): Promise<string[]> {
  const { status, body } = await list(q);
  expect(status).toBe(200);
  return body.items.map(({ title }: { title: string }) => title);
}

async function walk(q: string): Promise<string[]> {
  const found: string[] = [];
  let cursor = '';
  do {
    const { status, body } = await list(q, cursor);
    expect({ q, status }).toEqual({ q, status: 200 });
    found.push(...body.items.map(({ title }: { title: string }) => title));
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  return found;
}

describe('signs of other scripts in a query', () => {
  it.each(SIGNS)('are no words of it: %s', async (sign) => {
    const plain = await walk('headphones');

    expect(plain).toHaveLength(25);
    expect(await walk(`headphones ${sign}`)).toEqual(plain);
    expect(await walk(`${sign} headphones`)).toEqual(plain);
    expect(await walk(`headphones${sign}`)).toEqual(plain);
  });

  it.each(SIGNS)('find alone what a question mark finds, which is nothing: %s', async (sign) => {
    const [asked, nothing] = [
      await list(sign, '&count=true&facets=true'),
      await list('?', '&count=true&facets=true'),
    ];
    const suggested = await app.get(`/v1/products/suggest?q=${encodeURIComponent(sign)}`);

    expect([asked.status, nothing.status, suggested.status]).toEqual([200, 200, 200]);
    expect(asked.body).toEqual(nothing.body);
    expect(nothing.body).toMatchObject({ items: [], nextCursor: null, total: 0 });
    expect(suggested.body.items).toEqual([]);
  });
});

describe('signs of other scripts in a product', () => {
  const found: [string, string][] = [
    ['سماعات', 'سماعات، رأس'],
    ['رأس سماعات', 'سماعات، رأس'],
    ['ヘッドホン', 'ヘッドホン・ケース'],
    ['ヘッドホンケース', 'ヘッドホン・ケース'],
    ['ヘッドホン・ケース', 'ヘッドホン・ケース'],
    ['ספר', 'אוזניות בית־ספר'],
  ];

  it.each(found)('are no part of its words: %s', async (q, title) => {
    expect(await titles(q)).toEqual([title]);
  });

  it('are no part of them any more where it is older than that', async () => {
    const { database } = app;
    const columns = `SELECT search::text, skus FROM product_documents ORDER BY product_id`;
    const before = await database.query(columns);
    for (const { name } of migrations.toReversed()) {
      await database.undoLastMigration({ transaction: 'each' });
      if (name === 'SplitAtEverySign1700000000024') {
        break;
      }
    }
    const undone = await database.query(columns);
    expect(undone[25].skus).toEqual(['skuسماعات،رأس']);
    // As it is where the locale of the database takes all that is not ASCII for letters.
    await database.query(
      `UPDATE product_documents SET search = '''سماعات،'':1A ''رأس'':2A' WHERE skus = $1`,
      [undone[25].skus],
    );
    await database.query('DELETE FROM search_words');

    await migrate(database);

    expect(await database.query(columns)).toEqual(before);
    expect(await titles('سماعات')).toEqual(['سماعات، رأس']);
    expect(await titles('سماعت')).toEqual(['سماعات، رأس']);
  });
});
