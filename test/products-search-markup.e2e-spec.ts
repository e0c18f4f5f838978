import { migrate } from '../src/database/open-data-source.js';
import { migrations } from '../src/database/migrations.js';
import { startTestApp, type TestApp } from './support/app.js';
import { importer } from './support/importer.js';
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
  { title: 'Empty', description: '<!-->Hello <b>world</b><!--->again<!-- - -- secret --->seen <!---->plainly' },
  { title: 'Custom', description: '<style-guide>Typeface</style-guide> <script-x>swallows nothing <x:y-1 a="b"/>' },
  { title: 'Letter', description: 'Write to <info@shop.example> or <https://shop.example/help>, <!doctype html><?xml version="1"?>please' },
]; // prettier-ignore

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startTestApp();
  token = await app.signIn('editor');
  await fillShop(app, token, [], SAMPLES);
});

afterAll(() => app.close());

/** Takes back the migration that this is about, and those behind it. */
async function undo(): Promise<void> {
  for (const { name } of migrations.toReversed()) {
    await app.database.undoLastMigration({ transaction: 'each' });
    if (name === 'SearchTextOfMarkup1700000000025') {
      return;
    }
  }
}

async function titles(q: string): Promise<string[]> {
  const { status, body } = await app.get(`/v1/products?q=${encodeURIComponent(q)}`);
  expect(status).toBe(200);
  return body.items.map(({ title }: { title: string }) => title);
}

describe('a description that is HTML', () => {
  it.each([
    'strong', 'span', 'div', 'script', 'style', 'center', 'target', 'tracker', 'nbsp', 'eacute', 'href', 'hidden', 'comment',
    'float', 'javascript', 'mdash', 'shy', 'secret', 'doctype', 'guide',
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
    ['hello world', ['Empty']],
    ['again', ['Empty']],
    ['seen plainly', ['Empty']],
    ['typeface', ['Custom']],
    ['swallows nothing', ['Custom']],
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
    await undo();
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

describe('the migration of older descriptions', () => {
  it('keeps what it has done where it is interrupted, and does the rest when it runs again', async () => {
    const { database } = app;
    const lines = Array.from({ length: 250 }, (_, number) => ({
      slug: `many-${number}`,
      title: `Many ${number}`,
      description: '<figure>Shown</figure>',
      variants: [],
    }));
    await importer(app, token).run(lines);
    await undo();
    const withTags = `SELECT product_id AS id, xmin::text AS version FROM product_documents WHERE search @@ 'figur' ORDER BY 1`;
    const before: { id: string; version: string }[] = await database.query(withTags);
    await database.query(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'interrupted'; END $$`,
    );
    await database.query(
      `CREATE TRIGGER fail BEFORE UPDATE ON product_documents FOR EACH ROW
       WHEN (NEW.product_id = '${before.at(-1)?.id}') EXECUTE FUNCTION fail()`,
    );

    await expect(migrate(database)).rejects.toThrow('interrupted');

    const left: typeof before = await database.query(withTags);
    const versions = 'SELECT product_id AS id, xmin::text AS version FROM product_documents';
    const done: typeof before = await database.query(`${versions} WHERE search @@ 'shown' ORDER BY 1`);
    await database.query('DROP FUNCTION fail() CASCADE');
    await migrate(database);
    const after: typeof before = await database.query(versions);
    expect(before).toHaveLength(250);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(250);
    expect(await database.query(withTags)).toEqual([]);
    const doneOnce = done.filter(({ id }) => !left.some((one) => one.id === id));
    expect(doneOnce).toHaveLength(250 - left.length);
    expect(after).toEqual(expect.arrayContaining(doneOnce));
  });
});

describe('a description in plain text', () => {
  it.each(['x y', 'r&d', 'at&t', 'unknown', '55296'])('keeps its signs as they are: %s', async (q) => {
    expect(await titles(q)).toEqual(['Ruler']);
  });

  it.each(['info', 'help', 'please'])('keeps what stands in angle brackets and is no tag: %s', async (q) => {
    expect(await titles(q)).toEqual(['Letter']);
  });
});

describe('a description of nothing but beginnings', () => {
  it.each(['<', '<a', '<a>', '<a "', '<!--', '<!-- >', '<!-->', '<!--->', '<!---', '<a/', '</a ', '<a:', '<a-', '<a-b', '<script>', '<script ', '<script', '</script', '<style></s', '&', '&#1;', '&amp'])(
    'takes no time that grows with its square: %s',
    async (piece) => {
      const text = piece.repeat(30_000 / piece.length);

      const started = performance.now();
      await app.database.query('SELECT text_of_markup($1)', [text]);

      expect(performance.now() - started).toBeLessThan(1000);
    },
  );
}); // prettier-ignore
