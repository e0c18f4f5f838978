import { CellFault, type CsvLayout, type NamedRow } from './csv-layout.js';
import { type CsvRow, csvRows } from './csv-rows.js';
import { restore } from './formula-cells.js';
import { OwnLayout, faultOfOwnHeader } from './own-layout.js';
import { ShopifyLayout, shopifyHeader } from './shopify-layout.js';
import type { StagedLine } from './staged-line.js';

/** What the header of a file says: how to read the rows, and where each column is. */
interface Header {
  readonly layout: CsvLayout;
  readonly columns: ReadonlyMap<string, number>;
  readonly width: number;
  /** What to make of the text of a cell. */
  readonly read: (cell: string) => string;
}

/** The rows of one product so far. */
interface Group {
  readonly key: string | null;
  readonly rows: NamedRow[];
  size: number;
  fault: { line: number; reason: string } | null;
}

/** The most text that the rows of one product may hold together, in characters. */
const MAX_GROUP_SIZE = 8_388_608;

/** The most rows of one product. It has at most 100 variants and 50 media, so no right one comes near. */
const MAX_GROUP_ROWS = 2000;

/** The most columns of a file; a product has far fewer attributes. */
const MAX_COLUMNS = 1000;

/** Makes products of the rows of a CSV file, of ours or of Shopify's, as its header says. */
export async function* csvLines(bytes: AsyncIterable<Buffer>, currency: string): AsyncGenerator<StagedLine> {
  let header: Header | null = null;
  let group: Group | null = null;
  for await (const row of csvRows(bytes)) {
    if (header === null) {
      const found = readHeader(row);
      if (typeof found === 'string') {
        yield { line: row.line, reason: found };
        return;
      }
      header = found;
      continue;
    }
    const named = nameCells(row, header);
    const key = header.layout.keyOf(named);
    if (group === null || key === null || key !== group.key) {
      yield* finish(group, header, currency);
      group = { key, rows: [], size: 0, fault: null };
    }
    add(group, row, named, header);
  }
  if (header !== null) {
    yield* finish(group, header, currency);
  }
}

function readHeader({ cells, reason }: CsvRow): Header | string {
  if (reason !== undefined) {
    return reason;
  }
  if (cells.length > MAX_COLUMNS) {
    return `The header names ${cells.length} columns, but at most ${MAX_COLUMNS} are read.`;
  }
  const names = cells.map((cell) => cell.trim());
  const shopify = shopifyHeader(names);
  if (shopify) {
    return headerOf(new ShopifyLayout(shopify), shopify, (cell) => cell);
  }
  return faultOfOwnHeader(names) ?? headerOf(new OwnLayout(names), names, restore);
}

function headerOf(layout: CsvLayout, names: readonly string[], read: (cell: string) => string): Header {
  return { layout, columns: new Map(names.map((name, index) => [name, index])), width: names.length, read };
}

function nameCells({ line, cells }: CsvRow, { columns, read }: Header): NamedRow {
  return { line, width: cells.length, cell: (name) => read(cells[columns.get(name) ?? -1] ?? '') };
}

function add(group: Group, { line, cells, reason }: CsvRow, named: NamedRow, { width }: Header): void {
  group.size += cells.reduce((sum, cell) => sum + cell.length, 0);
  if (reason !== undefined) {
    group.fault ??= { line, reason };
  } else if (cells.length > width) {
    group.fault ??= { line, reason: `The row has ${cells.length} cells, but the header names ${width}.` };
  } else if (group.size > MAX_GROUP_SIZE) {
    group.fault ??= { line, reason: `The rows of one product hold more than ${MAX_GROUP_SIZE} characters.` };
  } else if (group.rows.length === MAX_GROUP_ROWS) {
    group.fault ??= { line, reason: `The product has more than ${MAX_GROUP_ROWS} rows.` };
  }
  // A product with a wrong row is not kept without it.
  if (group.fault === null) {
    group.rows.push(named);
  } else {
    group.rows.length = 0;
  }
}

function* finish(group: Group | null, { layout }: Header, currency: string): Generator<StagedLine> {
  if (group?.fault) {
    yield group.fault;
  } else if (group?.rows[0]) {
    yield lineOf(group.rows, group.rows[0].line, layout, currency);
  }
}

function lineOf(rows: readonly NamedRow[], line: number, layout: CsvLayout, currency: string): StagedLine {
  try {
    return { line, text: Buffer.from(JSON.stringify(layout.productOf(rows, currency))) };
  } catch (error) {
    if (error instanceof CellFault) {
      return { line: error.line, reason: error.reason };
    }
    throw error;
  }
}
