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
    const found: unknown[] = [];
    for await (const line of csvLines(pieces(size), 'EUR')) {
      found.push('text' in line ? [line.line, JSON.parse(line.text.toString())] : line);
    }

    expect(found).toEqual([
      [2, expect.objectContaining({ slug: 'one', description: 'two\r\nlines, "quoted"' })],
      { line: 4, reason: expect.stringMatching(/^price must be a decimal number/) },
      [6, expect.objectContaining({ slug: 'two', title: '5" pipe é' })],
      { line: 7, reason: 'The quotes of the row are never closed: nothing is read from here on.' },
    ]);
  },
);

async function* pieces(size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < FILE.length; start += size) {
    yield await Promise.resolve(FILE.subarray(start, start + size));
  }
}
