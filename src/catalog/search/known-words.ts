import type { RowSource } from '../../database/row-source.js';
import type { ProductStatus } from '../products/product.entity.js';
import { type Candidate, type Correction, deletionsOf, likeliest, soundAlikes } from './correction.js';
import { isStem, phraseQuery, type SearchPhrase, termQuery } from './search-phrase.js';
import * as statements from './words.sql.js';

/** A word of a query. */
export interface QueryWord {
  readonly word: string;
  readonly lexeme: string;
  readonly isKnown: boolean;
  /** The stem of this word and the next one written together, where the catalog knows that. */
  readonly joinedLexeme: string | null;
  /** The stems of its plural or singular, where they are others than its own. */
  readonly otherNumbers: readonly string[];
}

const MAX_CANDIDATES = 5;
const MAX_CORRECTED_LENGTH = 40;
const COUNTED = 100;

// Of a word that is split at its numbers: a letter alone says too little.
const MAX_PIECES = 4;
const MIN_WORD_LENGTH = 2;

/** What the catalog knows of words: which it has, and which are like one that it has not. */
export class KnownWords {
  constructor(private readonly source: RowSource) {}

  /**
   * The words of a query. `documents` asks the products themselves of each word: slower, and right when the last one with it
   * has gone. They are always asked of what is not kept as a word, such as a number.
   */
  async lookUp(q: string, status: ProductStatus, source: 'words' | 'documents'): Promise<QueryWord[]> {
    const words = await this.rows<QueryWord>('words', statements.LOOK_UP_WORDS, [q]);
    const asked = source === 'documents' ? words : words.filter(({ isKnown }) => !isKnown);
    const joined = words.flatMap(({ joinedLexeme }) =>
      joinedLexeme === null ? [] : [{ lexeme: joinedLexeme }],
    );
    const counts = await this.countsOf([...asked, ...joined], status, 1);
    return words.map(({ word, lexeme, isKnown, joinedLexeme, otherNumbers }) => ({
      word,
      lexeme,
      isKnown: counts.has(lexeme) || (source === 'words' && isKnown),
      joinedLexeme: joinedLexeme !== null && counts.has(joinedLexeme) ? joinedLexeme : null,
      otherNumbers,
    }));
  }

  /** Letters and digits of a query where they are the SKU of a product, else `null`. */
  async skuIn(q: string, status: ProductStatus): Promise<string | null> {
    const [row] = await this.rows<{ sku: string }>('sku', statements.LOOK_UP_SKU, [q, status]);
    return row !== undefined && isStem(row.sku) ? row.sku : null;
  }

  /** Words of products that may be meant by a misspelt one, the likeliest first. `prefix`: by a misspelt beginning of one. */
  async like(
    word: string,
    status: ProductStatus,
    reach: 'whole' | 'prefix' = 'whole',
  ): Promise<Correction[]> {
    if (word.length > MAX_CORRECTED_LENGTH) {
      return [];
    }
    const spellings = [...deletionsOf(word), ...soundAlikes(word)];
    const alike = await this.rows<Candidate>('like', statements.LIKE_WORDS, [
      word,
      deletionsOf(word),
      spellings,
    ]);
    const beginning = reach === 'prefix' ? await this.beginningWith(word.slice(0, 2), 1000) : [];
    const likely = likeliest(word, [...alike, ...beginning], reach).slice(0, MAX_CANDIDATES);
    const counts = await this.countsOf(likely, status, COUNTED);
    return likely
      .filter(({ lexeme }) => counts.has(lexeme))
      .toSorted(
        (one, other) =>
          one.cost - other.cost || (counts.get(other.lexeme) ?? 0) - (counts.get(one.lexeme) ?? 0),
      );
  }

  /** Words that begin with this, those of titles and the shortest first. */
  async beginningWith(start: string, limit: number): Promise<Candidate[]> {
    return this.rows<Candidate>('beginning', statements.WORDS_BEGINNING, [start, limit]);
  }

  /** As above, and only those that a product of this status has: what nobody may see completes nothing that shows. */
  async completionsOf(start: string, status: ProductStatus, limit: number): Promise<Candidate[]> {
    const words = await this.beginningWith(start, limit);
    const counts = await this.countsOf(words, status, 1);
    return words.filter(({ lexeme }) => counts.has(lexeme));
  }

  /** The stems of two words that this one is when they are written together, where products of this status have them so. */
  async partsOf(word: string, status: ProductStatus): Promise<string[] | null> {
    const [row] = await this.rows<{ parts: string[] }>('parts', statements.SPLIT_WORD, [word]);
    return row !== undefined && (await this.haveInRow(row.parts, status)) ? row.parts : null;
  }

  /** As above, of words and the numbers between them: `iphone15`. Numbers are not kept as words. */
  async numberedPartsOf(word: string, status: ProductStatus): Promise<string[] | null> {
    const pieces = word.match(/\d+|\D+/g) ?? [];
    const words = pieces.filter((piece) => /\D/.test(piece));
    const areTelling = words.every(({ length }) => length >= MIN_WORD_LENGTH);
    if (pieces.length < 2 || pieces.length > MAX_PIECES || !areTelling) {
      return null;
    }
    const known = await this.rows<{ word: string; lexeme: string }>('lexemes', statements.LEXEMES_OF, [
      words,
    ]);
    const lexemes = new Map(known.map((one) => [one.word, one.lexeme]));
    const parts = pieces.flatMap((piece) => (words.includes(piece) ? (lexemes.get(piece) ?? []) : piece));
    return parts.length === pieces.length && (await this.haveInRow(parts, status)) ? parts : null;
  }

  /** Whether any product is what a phrase looks for. */
  async hasProducts(phrase: SearchPhrase, status: ProductStatus): Promise<boolean> {
    const { rows } = await this.source.query({
      text: statements.HAS_PRODUCTS,
      values: [status, phraseQuery(phrase)],
    });
    return rows.length > 0;
  }

  // Both words may be common and never in a row: so many products are looked at, and no more.
  private async haveInRow(stems: string[], status: ProductStatus): Promise<boolean> {
    const { rows } = await this.source.query({
      text: statements.HAS_AMONG_FIRST,
      values: [status, termQuery([stems]), stems.map((stem) => termQuery([[stem]])).join(' & ')],
    });
    return rows.length > 0;
  }

  // Those that no product has are left out.
  private async countsOf(
    words: readonly { readonly lexeme: string }[],
    status: ProductStatus,
    limit: number,
  ): Promise<Map<string, number>> {
    const stems = [...new Set(words.map(({ lexeme }) => lexeme))];
    if (stems.length === 0) {
      return new Map();
    }
    const { rows } = await this.source.query<{ counts: number[] }>({
      text: statements.countStems(stems.length, limit),
      values: [status, ...stems.map((stem) => termQuery([[stem]]))],
    });
    const counts = rows[0]?.counts ?? [];
    return new Map(
      stems.map((stem, index) => [stem, counts[index] ?? 0] as const).filter(([, count]) => count > 0),
    );
  }

  private async rows<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.source.query<Row>({ name: `search-${name}`, text, values });
    return rows;
  }
}
