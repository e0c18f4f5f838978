import { migrate } from '../src/database/open-data-source.js';
import { migrations } from '../src/database/migrations.js';
import { startTestApp, type TestApp } from './support/app.js';
import { type SampleProduct, fillShop } from './support/shop.js';

const NAPKIN = `<div class="rte"><p style="text-align: center; color: red;"><STRONG>Soft</STRONG> fabric&nbsp;&amp; linen</p>
  <p><a href="https://shop.example/care" target="_blank">Wash</a> it in a Caf&eacute;, na&iuml;ve &#233;clair&#x2c; &Omega;mega&mdash;twill</p>
  <ul><li>One</li><li>Wasch&shy;korb</li></ul><!-- hidden > comment --><style>.rte { float: left }</style>
  <script type="text/javascript">var tracker = 1 < 2;</script ></div>`;

const SAMPLES: readonly SampleProduct[] = [
  { title: 'Napkin', description: NAPKIN },
  { title: 'Ruler', description: 'Shows whether a <b and c> d, or x < y; made by R&D; AT&T &unknown; &#0; &#55296; &#x110000;.' },
  { title: 'Truncated', description: 'Bright <em>lantern</em> in the size <xl' },
  { title: 'Broken', description: '&lt;kept&gt; <!-- commented <p>out</p>' },
]; // prettier-ignore

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
  await fillShop(app, token, [], SAMPLES);
});

afterAll(() => app.close());

async function titles(q: string): Promise<string[]> {
  const { status, body } = await app.get(`/v1/products?q=${encodeURIComponent(q)}`);
  expect(status).toBe(200);
  return body.items.map(({ title }: { title: string }) => title);
}

describe('a description that is HTML', () => {
  it.each([
    'strong', 'span', 'div', 'script', 'style', 'center', 'target', 'tracker', 'nbsp', 'eacute', 'href', 'hidden', 'comment',
    'float', 'javascript', 'mdash', 'shy',
  ])('is not found by its markup: %s', async (q) => {
    expect(await titles(q)).toEqual([]);
  }); // prettier-ignore

  it.each([
    ['soft fabric', ['Napkin']],
    ['linen', ['Napkin']],
    ['café', ['Napkin']],
    ['naive', ['Napkin']],
    ['eclair', ['Napkin']],
    ['ωmega', ['Napkin']],
    ['twill', ['Napkin']],
    ['one', ['Napkin']],
    ['waschkorb', ['Napkin']],
    ['lantern', ['Truncated']],
    ['kept', ['Broken']],
    ['xl', ['Truncated']],
    ['commented', []],
  ])('is found by its text: %s', async (q, expected) => {
    expect(await titles(q)).toEqual(expected);
  });

  it('answers with the description as it was sent', async () => {
    expect((await app.get('/v1/products/napkin')).body.description).toBe(NAPKIN);
  });

  it('teaches the catalog no word of its markup', async () => {
    const words = await app.database.query('SELECT word FROM search_words');

    const known = words.map(({ word }: { word: string }) => word);
    expect(known).toContain('fabric');
    expect(known.filter((word: string) => ['strong', 'nbsp', 'tracker', 'eacute'].includes(word))).toEqual(
      [],
    );
  });

  it('that is older than that is found by its text alone from then on', async () => {
    const { database } = app;
    const columns =
      'SELECT product_id, xmin::text AS version, search::text FROM product_documents ORDER BY 1';
    const before: { version: string; search: string }[] = await database.query(columns);
    for (const { name } of migrations.toReversed()) {
      await database.undoLastMigration({ transaction: 'each' });
      if (name === 'SearchTextOfMarkup1700000000025') {
        break;
      }
    }
    const undone: typeof before = await database.query(columns);
    await database.query(`DELETE FROM search_words WHERE word = 'eclair'`);

    await migrate(database);

    expect(undone[0]?.search).toContain("'nbsp'");
    const after: typeof before = await database.query(columns);
    expect(after.map(({ search }) => search)).toEqual(before.map(({ search }) => search));
    expect(after.map(({ version }, index) => version === undone[index]?.version)).toEqual(
      before.map(({ search }, index) => search === undone[index]?.search),
    );
    expect(await titles('éclar')).toEqual(['Napkin']);
  });
});

describe('a description in plain text', () => {
  it.each(['x y', 'r&d', 'at&t', 'unknown', '55296'])('keeps its signs as they are: %s', async (q) => {
    expect(await titles(q)).toEqual(['Ruler']);
  });
});

describe('a description of nothing but beginnings', () => {
  it.each(['<', '<a', '<a>', '<a "', '<!--', '<!-- >', '<script>', '<script', '</script', '<style></s', '&', '&#1;', '&amp'])(
    'takes no time that grows with its square: %s',
    async (piece) => {
      const text = piece.repeat(30_000 / piece.length);

      const started = performance.now();
      await app.database.query('SELECT text_of_markup($1)', [text]);

      expect(performance.now() - started).toBeLessThan(1000);
    },
  );
}); // prettier-ignore
