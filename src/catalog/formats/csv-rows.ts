import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse';
import { MAX_LINE_BYTES } from './staged-line.js';

/** A row of CSV: its cells, the line that it begins on, and what is wrong with it, if something is. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly reason?: string;
}

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
const MAX_HEAD = 65_536;
const DELIMITERS = [',', ';', '\t'];

/**
 * Reads CSV (RFC 4180) as spreadsheets write it: with a byte order mark or without, any line ends, commas, semicolons or
 * tabs (whichever the first line has most of). Rows of blank cells only, which they write too, are left out. Where the quotes make no sense any more, the last row says so.
 */
export async function* csvRows(bytes: AsyncIterable<Buffer>): AsyncGenerator<CsvRow> {
  const source = bytes[Symbol.asyncIterator]();
  const head = await readHead(source);
  const lines = new LineCounter();
  const parsed: CsvRow[] = [];
  const parser = parse({
    delimiter: delimiterOf(head),
    encoding: null,
    max_record_size: MAX_LINE_BYTES,
    // Rows are taken as they are found: a stream would drop those still in it when the quotes go wrong.
    // Without an encoding cells are bytes, whatever the types of the parser say.
    on_record: (record: readonly (Buffer | string)[], { lines: last }) => {
      const isText = record.every((cell) => typeof cell === 'string' || isUtf8(cell));
      const cells = record.map((cell) => cell.toString());
      const line = lines.startOf(last, cells);
      if (cells.some((cell) => cell.trim() !== '')) {
        parsed.push(isText ? { line, cells } : { line, cells, reason: 'The row is not UTF-8.' });
      }
      return null;
    },
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  parser.on('error', () => undefined); // whoever writes is told
  for await (const piece of behind(head, source)) {
    const error = await told((done) => parser.write(piece, done));
    yield* parsed.splice(0);
    if (error) {
      yield brokenRow(error, lines.next);
      return;
    }
  }
  const error = await told((done) => parser.end(done));
  yield* parsed.splice(0);
  if (error) {
    yield brokenRow(error, lines.next);
  }
}

/** What went wrong with a write, if something did. */
async function told(write: (done: (error?: Error | null) => void) => void): Promise<Error | null> {
  return new Promise((resolve) => {
    write((error) => resolve(error ?? null));
  });
}

function brokenRow(error: Error, line: number): CsvRow {
  if (!(error instanceof CsvError)) {
    throw error;
  }
  return { line, cells: [], reason: reasonOf(error) };
}

function reasonOf({ code }: CsvError): string {
  return code === 'CSV_MAX_RECORD_SIZE'
    ? `The row is longer than ${MAX_LINE_BYTES} bytes, or its quotes are never closed: nothing is read from here on.`
    : 'The quotes of the row are never closed: nothing is read from here on.';
}

/** Says on which line a row begins: the parser says where it ends, and counts CRLF within quotes twice. */
class LineCounter {
  private surplus = 0;
  /** The line behind the last row. */
  next = 1;

  startOf(lastLine: number, cells: readonly string[]): number {
    const text = cells.join('');
    const pairs = text.match(/\r\n/g)?.length ?? 0;
    const ends = (text.match(/[\r\n]/g)?.length ?? 0) - pairs;
    this.surplus += pairs;
    const end = lastLine - this.surplus;
    this.next = end + 1;
    return end - ends;
  }
}

async function readHead(source: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (!head.includes(0x0a) && head.length < MAX_HEAD) {
    const piece = await source.next();
    if (piece.done) {
      break;
    }
    head = Buffer.concat([head, piece.value]);
  }
  return head.subarray(0, 3).equals(BYTE_ORDER_MARK) ? head.subarray(3) : head;
}

function delimiterOf(head: Buffer): string {
  const [line = ''] = head.toString('latin1').split(/[\r\n]/, 1);
  const [most = ','] = DELIMITERS.toSorted((one, other) => line.split(other).length - line.split(one).length);
  return most;
}

async function* behind(head: Buffer, source: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let piece = await source.next(); !piece.done; piece = await source.next()) {
    yield piece.value;
  }
}
