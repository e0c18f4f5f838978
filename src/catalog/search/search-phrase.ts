/** Stems that must stand next to each other, in this order; mostly one. */
type Row = readonly string[];

/** What a word of a query may be found as: any of these. */
export type Term = readonly Row[];

/** What a query looks for, once its words are understood. */
export interface SearchPhrase {
  readonly terms: readonly Term[];
  /** Whether a product must have all terms, or any. */
  readonly match: 'all' | 'any';
  /** Letters and digits of the query, where that is the SKU of a product. */
  readonly sku: string | null;
}

// A stem holds letters and digits only, so these can stand between stems. In a tsquery they never need to be escaped.
const STEM = /^[^\s\p{P}\p{S}\p{C}]{1,255}$/u;
const [BETWEEN_TERMS, BETWEEN_ROWS, BETWEEN_STEMS] = [' ', '|', '-'] as const;

/** The most words of a query; what comes behind them is not looked for. */
export const MAX_WORDS = 16;

/** The longest phrase that a cursor keeps, in bytes: of what is forged, more is not even read. */
export const MAX_PHRASE_BYTES = 1000;

/** Whether a word can stand in a phrase: letters and digits alone. */
export function isStem(word: string): boolean {
  return STEM.test(word);
}

/** A term as text search takes it (`tsquery`). */
export function termQuery(term: Term): string {
  const rows = term.map((row) => `(${row.map((stem) => `'${stem}'`).join(' <-> ')})`);
  return `(${rows.join(' | ')})`;
}

/** A phrase as text search takes it (`tsquery`). */
export function phraseQuery({ terms, match }: SearchPhrase): string {
  return terms.map(termQuery).join(match === 'all' ? ' & ' : ' | ');
}

/** Writes a phrase as a short text for a cursor. */
export function writePhrase({ terms, match, sku }: SearchPhrase): string {
  const words = terms.map((term) => term.map((row) => row.join(BETWEEN_STEMS)).join(BETWEEN_ROWS));
  return [match, sku ?? '', ...words].join(BETWEEN_TERMS);
}

/** Reads what `writePhrase` wrote, or answers `null` where it did not write that. */
export function readPhrase(text: string): SearchPhrase | null {
  if (Buffer.byteLength(text) > MAX_PHRASE_BYTES) {
    return null;
  }
  const [match, sku, ...words] = text.split(BETWEEN_TERMS);
  const terms = words.map((word) => word.split(BETWEEN_ROWS).map((row) => row.split(BETWEEN_STEMS)));
  const isRight =
    terms.length <= MAX_WORDS &&
    (match === 'all' || match === 'any') &&
    (sku === '' || (sku !== undefined && isStem(sku))) &&
    terms.every((term) => term.every((row) => row.every(isStem)));
  return isRight ? { terms, match, sku: sku === '' ? null : sku } : null;
}
