import { IMPORT_FORMATS, type ImportFormat } from '../formats/import-format.js';

/** The format that an `Accept` header prefers (RFC 9110 12.5.1); NDJSON where it does not care. */
export function preferredFormat(accept: string | undefined): ImportFormat {
  const ranges = (accept ?? '').split(',').map(readRange);
  const weightOf = (type: string) => ranges.find((range) => range.type === type)?.weight;
  const csv = weightOf(IMPORT_FORMATS.csv) ?? 0;
  const ndjson = weightOf(IMPORT_FORMATS.ndjson) ?? 0;
  return csv > ndjson ? 'csv' : 'ndjson';
}

function readRange(range: string): { type: string; weight: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, weight: weight === undefined ? 1 : Number(weight) || 0 };
}
