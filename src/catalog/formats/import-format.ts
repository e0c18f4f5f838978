import { csvLines } from './csv-lines.js';
import { ndjsonLines } from './ndjson-lines.js';
import type { StagedLine } from './staged-line.js';

/** The formats of imports and exports, by their media types. */
export const IMPORT_FORMATS = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
export type ImportFormat = keyof typeof IMPORT_FORMATS;

/** The format of a `Content-Type`, or `null`. */
export function formatOf(contentType: string | undefined): ImportFormat | null {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  const [format] = Object.entries(IMPORT_FORMATS).find(([, known]) => known === type) ?? [];
  // The keys of IMPORT_FORMATS, which `entries` calls strings.
  return (format as ImportFormat | undefined) ?? null;
}

/** The products of a body, each with its line; `currency` is that of prices which do not say theirs. */
export function linesOf(
  format: ImportFormat,
  bytes: AsyncIterable<Buffer>,
  currency: string,
): AsyncIterable<StagedLine> {
  return format === 'ndjson' ? ndjsonLines(bytes) : csvLines(bytes, currency);
}

/** The format that the name of a file tells, or `null`. */
export function formatOfFile(name: string): ImportFormat | null {
  if (/\.csv$/i.test(name)) {
    return 'csv';
  }
  return /\.(ndjson|jsonl)$/i.test(name) ? 'ndjson' : null;
}
