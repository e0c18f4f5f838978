import { Readable } from 'node:stream';
import { csvLines } from './csv-lines.js';

const FILE = Buffer.from(
  [
    '\uFEFFslug,title,sku,price,description',
    'one,One,O-1,1,"two\r\nlines, ""quoted"""',
    'bad,Bad,B-1,"1,99"',
    '',
    'two,5" pipe é,T-1,2,',
    'open,"never closed,C-1,3',
    'lost,Lost,L-1,4',
  ].join('\r\n'),
);

// However the pieces come: in the middle of a character, of a line end, or of quotes.
it.each([1, 2, 3, 5, 7, 38, 39, 40, 41, 64, 100, 10_000])(
  'reads CSV in pieces of %d bytes, up to where its quotes are broken',
  async (size) => {
    const found = await linesOf(pieces(size));

    expect(found).toEqual([
      [2, expect.objectContaining({ slug: 'one', description: 'two\r\nlines, "quoted"' })],
      { line: 4, reason: expect.stringMatching(/^price must be a decimal number/) },
      [6, expect.objectContaining({ slug: 'two', title: '5" pipe é' })],
      { line: 7, reason: 'The quotes of the row are never closed: nothing is read from here on.' },
    ]);
  },
);

it.each(['media', 'attributes', 'options'])(
  'refuses a row whose %s nest too deep, and it alone',
  async (column) => {
    const file = `slug,title,sku,price,${column}\nbomb,Bomb,B-1,1,${'['.repeat(20_000)}${']'.repeat(20_000)}\nfine,Fine,F-1,1,\n`;

    expect(await linesOf([Buffer.from(file)])).toEqual([
      { line: 2, reason: `${column} nests deeper than 20 levels.` },
      [3, expect.objectContaining({ slug: 'fine' })],
    ]);
  },
);

it('takes at most 2000 rows for one product, and keeps none of the others from being read', async () => {
  const file = (rows: number) => Buffer.from(`slug,title\n${'many,Many\n'.repeat(rows)}next,Next\n`);
  const next = expect.objectContaining({ slug: 'next' });

  expect(await linesOf([file(2000)])).toEqual([
    [2, expect.objectContaining({ slug: 'many' })],
    [2002, next],
  ]);
  expect(await linesOf([file(5000)])).toEqual([
    { line: 2002, reason: 'The product has more than 2000 rows.' },
    [5002, next],
  ]);
});

it('takes at most 1000 columns', async () => {
  const file = (attributes: number) =>
    Buffer.from(
      `title,${Array.from({ length: attributes }, (_, index) => `attribute:a${index}`).join(',')}\nA\n`,
    );

  expect(await linesOf([file(999)])).toEqual([[2, expect.objectContaining({ title: 'A' })]]);
  expect(await linesOf([file(1000)])).toEqual([
    { line: 1, reason: 'The header names 1001 columns, but at most 1000 are read.' },
  ]);
});

it('has attributes in columns of their own, of which one row may say one and another the next', async () => {
  const rows = ['slug,attribute:a,attribute:b,option:c', 'one,1,,', 'one,1,2', 'one', 'two,1', 'two,2'];

  expect(await linesOf([Buffer.from(rows.join('\n'))])).toEqual([
    [2, expect.objectContaining({ slug: 'one', attributes: { a: '1', b: '2' } })],
    { line: 6, reason: 'attribute:a differs from line 5 of the same product' },
  ]);
});

/** What is found: of products their lines and what is said of them, of faults all. */
async function linesOf(bytes: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const line of csvLines(Readable.from(bytes), 'EUR')) {
    found.push('text' in line ? [line.line, JSON.parse(line.text.toString())] : line);
  }
  return found;
}

async function* pieces(size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < FILE.length; start += size) {
    yield await Promise.resolve(FILE.subarray(start, start + size));
  }
}
