import type { TestApp } from './support/app.js';
import { type Importer, startForImports } from './support/importer.js';

let app: TestApp;
let token: string;
let imports: Importer;

beforeAll(async () => {
  ({ app, token, imports } = await startForImports());
});

afterAll(() => app.close());

const read = async (slug: string) => (await app.get(`/v1/products/${slug}`, { token })).body;
const csv = (rows: string[], query = '') => imports.send(rows.join('\r\n'), 'text/csv; charset=utf-8', query);

describe('a CSV file', () => {
  it('has one row for each variant, and the product in one of them or in all', async () => {
    const { result } = await csv([
      '\uFEFFslug,title,description,publishedAt,categories,sku,price,compareAtPrice,currency,stock,attribute:color,option:size',
      'shirt,Shirt,"two\r\nlines, and ""quotes""",2020-01-31T12:00:00Z,"Clothes/Shirts\nSale",S-1,19.99,25,EUR,3,red,S',
      'shirt,,,,,S-2,19.9,,EUR,,,M',
      'yen,Yen,,,,Y-1,1999,,JPY,0,,',
      'bare,Bare,,,,,,,,,,',
    ]);

    expect(result).toMatchObject({ read: 3, created: 3, failed: 0 });
    expect(await read('shirt')).toMatchObject({
      title: 'Shirt',
      description: 'two\r\nlines, and "quotes"',
      publishedAt: '2020-01-31T12:00:00.000Z',
      categories: [{ path: 'Clothes/Shirts' }, { path: 'Sale' }],
      attributes: { color: 'red' },
      variants: [
        { sku: 'S-1', price: { amount: 1999, currency: 'EUR' }, compareAtPrice: { amount: 2500 }, stock: 3, options: { size: 'S' } }, // prettier-ignore
        { sku: 'S-2', price: { amount: 1990, currency: 'EUR' }, stock: 0, options: { size: 'M' } },
      ],
    });
    expect(await read('yen')).toMatchObject({ variants: [{ price: { amount: 1999, currency: 'JPY' } }] });
    expect(await read('bare')).toMatchObject({ variants: [] });
  });

  it.each([[';'], ['\t']])('may have %j between its cells, as spreadsheets write it', async (delimiter) => {
    const { result } = await imports.send(`title${delimiter}sku${delimiter}price\nA, B${delimiter}D${delimiter}1\n`, 'text/csv', '?currency=USD'); // prettier-ignore

    expect(result).toMatchObject({ read: 1, failed: 0 });
    expect(await read('a-b')).toMatchObject({
      title: 'A, B',
      variants: [{ price: { amount: 100, currency: 'USD' } }],
    });
  });

  it('says of each wrong product on which line it is wrong, and keeps the others', async () => {
    const { id, result } = await imports.send(
      Buffer.concat([
        Buffer.from('slug,title,sku,price,stock,description\n'),
        Buffer.from('ok-1,One,OK-1,1,1,"two\r\nlines"\n'),
        Buffer.from('bad-price,Bad,B-1,"1,99",1\n'),
        Buffer.from('fine,Too fine,B-2,1.999,1\n'),
        Buffer.from('no-sku,No SKU,,1,1\n'),
        Buffer.from('half,Half,H-1,1,1\nhalf,,H-2,x,1\n'),
        Buffer.from('differs,One,I-1,1,1\ndiffers,Two,I-2,1,1\n'),
        Buffer.from('wide,Wide,W-1,1,1,1,1\n'),
        Buffer.from('stock,Stock,W-2,1,1.5\n'),
        Buffer.concat([Buffer.from('latin,Caf'), Buffer.from([0xe9]), Buffer.from(',L-1,1,1\n')]),
        Buffer.from('nul,N\0L,N-1,1,1\n'),
        Buffer.from('ok-2,5" pipe,OK-2,1,1\n'),
        Buffer.from('open,"never closed,OK-3,1,1\n'),
      ]),
      'text/csv',
    );

    expect(result).toMatchObject({ read: 12, created: 2, failed: 10 });
    expect(await imports.errors(id)).toEqual([
      { line: 4, reason: 'price must be a decimal number such as 19.99, and no finer than EUR goes' },
      { line: 5, reason: 'price must be a decimal number such as 19.99, and no finer than EUR goes' },
      { line: 6, reason: expect.stringContaining('/variants/0/sku must be a string') },
      { line: 8, reason: 'price must be a decimal number such as 19.99, and no finer than EUR goes' },
      { line: 10, reason: 'title differs from line 9 of the same product' },
      { line: 11, reason: 'The row has 7 cells, but the header names 6.' },
      { line: 12, reason: 'stock must be a whole number' },
      { line: 13, reason: 'The row is not UTF-8.' },
      { line: 14, reason: 'The line holds a NUL character or half a surrogate pair.' },
      { line: 16, reason: 'The quotes of the row are never closed: nothing is read from here on.' },
    ]);
    expect((await app.get('/v1/products/half', { token })).status).toBe(404);
  });

  it('may have empty rows, of cells without anything or with blanks', async () => {
    const { id, result } = await csv([
      ',,,',
      'slug,title,sku,price',
      ',,,',
      'spaced,Spaced,SP-1,1',
      ' ,"\r\n",\t,',
      'spaced,,SP-2,2',
      'wrong,Wrong,SP-3,x',
      ',,,,,,,',
    ]);

    expect(result).toMatchObject({ read: 2, created: 1, failed: 1 });
    expect(await imports.errors(id)).toEqual([{ line: 8, reason: expect.stringMatching(/^price must/) }]);
    expect(await read('spaced')).toMatchObject({ variants: [{ sku: 'SP-1' }, { sku: 'SP-2' }] });
  });

  it.each(['usd', 'ZZZ'])('is told that %s is no currency, whatever the price is', async (currency) => {
    const { id } = await csv(['title,sku,price,currency', `A,A-1,5,${currency}`]);

    expect(await imports.errors(id)).toEqual([
      { line: 2, reason: 'currency must be a currency code of ISO 4217 in upper case, such as EUR' },
    ]);
  });

  it.each([
    ['an unknown column', 'slug,title,colour\na,A,red', 'The column "colour" is not known.'],
    ['a column twice', 'title,sku,title\nA,B,C', 'The column "title" is there twice.'],
  ])('is refused whole for %s', async (_, body, reason) => {
    const { id, result } = await imports.send(body, 'text/csv');

    expect(result).toMatchObject({ read: 1, created: 0, failed: 1 });
    expect(await imports.errors(id)).toEqual([{ line: 1, reason: expect.stringContaining(reason) }]);
  });

  it('loses one product for what is no text or nests too deep, and none of the others', async () => {
    const { id, result } = await csv([
      'slug,title,sku,price,currency,media',
      'no-text,NUL,NT-1,x,E\0R,',
      'half-text,Half a pair,HT-1,x,123456789🐌,',
      `deep,Deep,DE-1,1,EUR,${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      'healthy,Healthy,HE-1,1,EUR,',
    ]);

    expect(result).toMatchObject({ read: 4, created: 1, failed: 3 });
    expect(await imports.errors(id)).toEqual([
      { line: 2, reason: 'currency must be a currency code of ISO 4217 in upper case, such as EUR' },
      { line: 3, reason: 'currency must be a currency code of ISO 4217 in upper case, such as EUR' },
      { line: 4, reason: 'media nests deeper than 20 levels.' },
    ]);
  });

  it.each([
    ['with a NUL', 'colo\0r', 'The column "colo\uFFFDr" is not known.'],
    ['cut within a character', `${'x'.repeat(99)}🐌`, `The column "${'x'.repeat(99)}\uFFFD" is not known.`],
    [
      'that is there twice and long',
      `attribute:${'x'.repeat(5000)}`,
      `The column "attribute:${'x'.repeat(978)}`,
    ],
  ])('is refused with the name of a column %s', async (_, name, reason) => {
    const { id, result } = await imports.send(`title,${name},${name}\nA`, 'text/csv');

    expect(result).toMatchObject({ status: 'completed', read: 1, failed: 1 });
    const [fault] = await imports.errors(id);
    expect(fault?.reason.slice(0, reason.length)).toBe(reason);
    expect(fault?.reason.length).toBeLessThanOrEqual(1000);
  });

  it('has no cell that a spreadsheet would run as a formula, and gives it back as it was', async () => {
    const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', "'=1", "''", '＝1'];
    await imports.run(
      texts.map((text, index) => ({
        slug: `formula-${index}`,
        title: 'Formula',
        description: text,
        variants: [],
      })),
    );

    const { text: file, headers } = await app.get('/v1/catalog/export', {
      token,
      headers: { accept: 'text/csv' },
    });
    const { result } = await imports.send(file, 'text/csv');

    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="catalog.csv"');
    expect(headers.get('vary')).toBe('Origin, Accept, Authorization');
    expect(file).toContain("formula-0,Formula,'=1+1,");
    expect(file).not.toMatch(/(^|,)"?[=+\-@\t＝]/m);
    expect(result).toMatchObject({ created: 0, failed: 0 });
    expect(
      await Promise.all(texts.map(async (_, index) => (await read(`formula-${index}`)).description)),
    ).toEqual(texts);
  });
});

describe('a product export of Shopify', () => {
  const HEADER =
    'Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,' +
    'Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Image Alt Text,Status';

  it('is taken as it is', async () => {
    const rows = [
      HEADER,
      'board,Board,<p>Fast</p>,Acme,Sports > Winter > Boards,Snowboard,"snow, winter",true,Size,S,Color,Red,\'00123,3000,5,699.95,799.00,https://cdn.example/1.jpg,Front,active',
      'board,,,,,,,,,M,,Blue,,3000,-2,699.95,,https://cdn.example/2.jpg,,',
      'board,,,,,,,,,,,,,,,,,https://cdn.example/3.jpg,,',
      'gift_card,Gift card,,Acme,,,,true,Title,Default Title,,,,0,,10.00,,,,draft',
    ];

    const first = await csv(rows, '?currency=CAD');
    const again = await csv(rows, '?currency=CAD');

    expect(await imports.errors(first.id)).toEqual([]);
    expect(first.result).toMatchObject({ read: 2, created: 2, failed: 0 });
    expect(again.result).toMatchObject({ read: 2, updated: 2, failed: 0 });
    expect(await read('board')).toMatchObject({
      title: 'Board',
      description: '<p>Fast</p>',
      brand: 'Acme',
      status: 'published',
      categories: [{ path: 'Sports/Winter/Boards' }],
      attributes: { type: 'Snowboard', tags: ['snow', 'winter'] },
      variants: [
        { sku: '00123', title: 'S / Red', price: { amount: 69995, currency: 'CAD' }, compareAtPrice: { amount: 79900 }, stock: 5, options: { Size: 'S', Color: 'Red' } }, // prettier-ignore
        { sku: 'board/m-blue', stock: 0, options: { Size: 'M', Color: 'Blue' } },
      ],
    });
    expect(await read('gift-card')).toMatchObject({
      status: 'draft',
      variants: [{ sku: 'gift-card/', options: {} }],
    });
  });

  it('keeps products apart whose handles are alike but for letters that a slug cannot hold', async () => {
    const rows = [
      'Handle,Title,Option1 Name,Option1 Value,Variant Price',
      'наушники-500,Наушники,Color,Red,1',
      'кабель-500,Кабель,Color,Red,1',
      'tee,Tee,Color,Red,1',
      'tee-red,Red tee,,,1',
    ];

    const first = await csv(rows);
    const again = await csv(rows);

    expect(first.result).toMatchObject({ created: 4, updated: 0, failed: 0 });
    expect(again.result).toMatchObject({ created: 0, updated: 4, failed: 0 });
    expect(await read('tee')).toMatchObject({ title: 'Tee', variants: [{ sku: 'tee/red' }] });
    expect(await read('tee-red')).toMatchObject({ title: 'Red tee', variants: [{ sku: 'tee-red/' }] });
  });

  it('is taken with the column names of newer exports too', async () => {
    const { result } = await csv([
      'Title,URL handle,Description,Vendor,Tags,Published on online store,Status,SKU,Option1 name,Option1 value,Price,Compare-at price,Inventory quantity',
      'Mug,new-mug,<b>Big</b>,Acme,,TRUE,Active,MUG-9,Color,White,8.50,,4',
    ]);

    expect(result).toMatchObject({ created: 1, failed: 0 });
    expect(await read('new-mug')).toMatchObject({
      description: '<b>Big</b>',
      status: 'published',
      variants: [
        { sku: 'MUG-9', price: { amount: 850, currency: 'EUR' }, stock: 4, options: { Color: 'White' } },
      ],
    });
  });

  const SKU_HEADER = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Status';

  it('keeps a product without an SKU from one whose SKU is the handle of the first', async () => {
    await csv([SKU_HEADER, 'x100,Widget X100,Title,Default Title,,10.00,active']);

    const { result } = await csv([
      SKU_HEADER,
      'refill-pack,Refill Pack,Title,Default Title,x100,5.00,active',
    ]);

    expect(result).toMatchObject({ created: 1, updated: 0, failed: 0 });
    expect(await read('x100')).toMatchObject({ title: 'Widget X100', variants: [{ sku: 'x100/' }] });
    expect(await read('refill-pack')).toMatchObject({ variants: [{ sku: 'x100' }] });
  });

  it('says all of a product: what is blank in it is none here', async () => {
    await csv([
      HEADER,
      'whole,Whole,<p>Fast</p>,Acme,Sports,Board,"snow, winter",true,Size,S,,,WH-1,3000,5,699.95,799.00,,,active',
      'whole,,,,,,,,,M,,,WH-2,,5,699.95,799.00,https://cdn.example/2.jpg,,',
    ]);

    const { id } = await csv([
      HEADER,
      'whole,Whole,,,,,,true,Title,Default Title,,,WH-1,3000,,599.95,,https://cdn.example/1.jpg,,active',
      'whole,,,,,,,,,,,,,,,,,https://cdn.example/2.jpg,,',
    ]);

    expect(await imports.errors(id)).toEqual([]);
    const product = await read('whole');
    expect(product).toMatchObject({ description: '', brand: null, categories: [], attributes: {} });
    expect(product.variants[0]).toMatchObject({ sku: 'WH-1', title: null, options: {}, stock: 5 });
    expect(product.variants[0]).not.toHaveProperty('compareAtPrice');
    expect(product.variants[1]).toMatchObject({ sku: 'WH-2', compareAtPrice: { amount: 79900 } });
  });

  it('says nothing of what it has no column for', async () => {
    await csv([
      HEADER,
      'partly,Partly,<p>Fast</p>,Acme,Sports,Board,snow,true,Size,S,,,PA-1,3000,5,699.95,799.00,,,active',
    ]);

    await csv(['Handle,Title,Variant SKU,Variant Price', 'partly,Partly,PA-1,599.95']);

    expect(await read('partly')).toMatchObject({
      description: '<p>Fast</p>',
      brand: 'Acme',
      categories: [{ path: 'Sports' }],
      attributes: { type: 'Board', tags: ['snow'] },
      variants: [
        { title: 'S', options: { Size: 'S' }, price: { amount: 59995 }, compareAtPrice: { amount: 79900 } },
      ],
    });
  });

  it('may have more and longer texts about pictures than are kept, empty rows, and unlisted products', async () => {
    const picture = (alt: string) => `pics,,,,,,,,,,,,,,,,,https://cdn.example/1.jpg,"${alt}",`;
    const { id, result } = await csv([
      HEADER,
      'pics,Pics,,,,,,true,Title,Default Title,,,PI-1,0,,1,,https://cdn.example/0.jpg,"two\nlines",unlisted',
      picture('🐌'.repeat(512)),
      picture('\u200b\0'),
      ','.repeat(19),
      ...Array.from({ length: 60 }, () => picture('')),
    ]);

    expect(await imports.errors(id)).toEqual([]);
    expect(result).toMatchObject({ read: 1, created: 1 });
    expect(await read('pics')).toMatchObject({ status: 'draft' });
  });
});
