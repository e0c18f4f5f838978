/** A row by the names of its columns; a column that is not there is `''`. */
export interface NamedRow {
  readonly line: number;
  /** How many cells it has, which may be far fewer than there are columns. */
  readonly width: number;
  readonly cell: (name: string) => string;
}

/** A column of a file that may have many of its kind. */
export interface Column {
  readonly name: string;
  readonly index: number;
}

/** How the columns of a CSV file make products. */
export interface CsvLayout {
  /** Rows in a row with the same key are one product; a row without a key is a product alone. */
  keyOf(row: NamedRow): string | null;
  /** The product as a line of NDJSON has it. @throws CellFault */
  productOf(rows: readonly NamedRow[], currency: string): object;
}

/** What is wrong with a cell. */
export class CellFault extends Error {
  constructor(
    readonly line: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/**
 * What the rows of a product say in a column, where only one of them has to; `undefined` for nothing.
 * @throws CellFault where they say different things
 */
export function agreed(rows: readonly NamedRow[], name: string): string | undefined {
  return agreedCells(rows, [{ name, index: 0 }]).get(name);
}

/**
 * What the rows say in each of many columns, but for those in which they say nothing. Looks at no cell that is not
 * there, so that a thousand columns are no burden to rows of one cell.
 * @throws CellFault where they say different things
 */
export function agreedCells(
  rows: readonly NamedRow[],
  columns: readonly Column[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const lines = new Map<string, number>();
  for (const { line, width, cell } of rows) {
    for (const { name, index } of columns) {
      if (index >= width) {
        break;
      }
      const value = cell(name);
      const known = values.get(name);
      if (value !== '' && known === undefined) {
        values.set(name, value);
        lines.set(name, line);
      } else if (value !== '' && known !== value) {
        throw new CellFault(line, `${name} differs from line ${lines.get(name)} of the same product`);
      }
    }
  }
  return values;
}
