/** A row by the names of its columns; a column that is not there is `''`. */
export interface NamedRow {
  readonly line: number;
  readonly cell: (name: string) => string;
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
  const saying = rows.filter(({ cell }) => cell(name) !== '');
  const value = saying[0]?.cell(name);
  const other = saying.find(({ cell }) => cell(name) !== value);
  if (other) {
    throw new CellFault(other.line, `${name} differs from line ${saying[0]?.line} of the same product`);
  }
  return value;
}
