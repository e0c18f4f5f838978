import type { ProductStatus } from '../products/product.entity.js';
import { KnownWords, type QueryWord } from './known-words.js';
import { isStem, type SearchPhrase, type Term } from './search-phrase.js';

// Words that say nothing where others say something.
const FILLERS: ReadonlySet<string> = new Set(
  'a an and are as at by for from i in is it my of on or the to with'.split(' '),
);
const MAX_CORRECTED_WORDS = 6;
const MAX_COMPLETIONS = 8;
const MAX_TYPED_COMPLETIONS = 50;
const MIN_COMPLETED_LENGTH = 3;

// Scripts that write words without blanks: each character is a word of its own here.
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]$/u;

/** What a word may stand for. */
type Meanings = (word: QueryWord, isLast: boolean, status: ProductStatus) => Promise<Term>;

/** Understands what a query means: its words as the catalog writes them. */
export class QueryInterpreter {
  constructor(private readonly words: KnownWords) {}

  /** What to look for first: all words, each that the catalog does not know taken for one that it does. */
  async interpret(q: string, status: ProductStatus): Promise<SearchPhrase> {
    const [sku, words] = await Promise.all([
      this.words.skuIn(q, status),
      this.words.lookUp(q, status, 'words'),
    ]);
    return {
      terms: await this.termsOf(words, status, sku === null ? this.meaningsOf : null),
      match: 'all',
      sku,
    };
  }

  /**
   * What to look for where `tried` finds nothing: the words that products still have, and if no product has all of
   * them, any. `null` where `tried` finds products after all, and where nothing else does.
   */
  async widen(q: string, status: ProductStatus, tried: SearchPhrase): Promise<SearchPhrase | null> {
    if (tried.terms.length === 0 || tried.sku !== null || (await this.words.hasProducts(tried, status))) {
      return null;
    }
    const words = await this.words.lookUp(q, status, 'documents');
    const all: SearchPhrase = {
      terms: await this.termsOf(words, status, this.meaningsOf),
      match: 'all',
      sku: null,
    };
    for (const phrase of [all, { ...all, match: 'any' as const }]) {
      if (await this.words.hasProducts(phrase, status)) {
        return phrase;
      }
    }
    return null;
  }

  /** What to look for while somebody types, published: all words, of which the last may be half a word; then any of them. */
  async interpretTyped(q: string): Promise<SearchPhrase[]> {
    const words = await this.words.lookUp(q, 'published', 'words');
    const terms = await this.termsOf(words, 'published', this.meaningsOf, this.endingsOf);
    const all: SearchPhrase = { terms, match: 'all', sku: null };
    return terms.length === 0 ? [] : terms.length === 1 ? [all] : [all, { ...all, match: 'any' }];
  }

  // Words that are not known go through `correct`, the last word through `complete`, where there is one. Signs that are
  // newer than the tables by which the database splits words are not looked for: no cursor could keep them.
  private async termsOf(
    given: readonly QueryWord[],
    status: ProductStatus,
    correct: Meanings | null,
    complete?: Meanings,
  ): Promise<Term[]> {
    const telling = given.filter(({ word }) => !FILLERS.has(word));
    const words = telling.length === 0 ? given : telling;
    const terms: Term[] = [];
    let corrected = 0;
    for (let index = 0; index < words.length; index++) {
      const rest = words.slice(index);
      const [first, second] = rest;
      if (!first) {
        break;
      }
      const run = unspacedRun(rest);
      if (run.length > 1) {
        terms.push([run]);
        index += run.length - 1;
      } else if (second && first.joinedLexeme !== null && given[given.indexOf(first) + 1] === second) {
        terms.push([[first.lexeme, second.lexeme], [first.joinedLexeme]]);
        index++;
      } else if (second === undefined && complete) {
        terms.push(await complete(first, true, status));
      } else if (correct && !first.isKnown && ++corrected <= MAX_CORRECTED_WORDS) {
        terms.push(await correct(first, second === undefined, status));
      } else {
        terms.push([first.lexeme, ...first.otherNumbers].map((stem) => [stem]));
      }
    }
    return terms.map((term) => term.filter((row) => row.every(isStem))).filter((term) => term.length > 0);
  }

  // What is half typed at the end of a query may go on in several ways.
  private readonly meaningsOf: Meanings = async ({ word, lexeme, otherNumbers }, isLast, status) => {
    const isHalf = isLast && word.length >= MIN_COMPLETED_LENGTH;
    const completions = isHalf ? await this.words.completionsOf(word, status, MAX_COMPLETIONS) : [];
    if (completions.length > 0) {
      return eachOf(completions);
    }
    const [likeliest = [lexeme]] = await this.correctionsOf(word, lexeme, status, 'whole');
    return [likeliest, ...otherNumbers.map((stem) => [stem])];
  };

  private readonly endingsOf: Meanings = async (last, _, status) => {
    const { word, lexeme, isKnown } = last;
    const completions = await this.words.beginningWith(word, MAX_TYPED_COMPLETIONS);
    if (completions.length > 0 || isKnown) {
      return eachOf([{ lexeme }, ...completions]);
    }
    return this.correctionsOf(word, lexeme, status, 'prefix');
  };

  // What is written together with a number is no mistake: it comes before words that are only like it.
  private async correctionsOf(
    word: string,
    lexeme: string,
    status: ProductStatus,
    reach: 'whole' | 'prefix',
  ): Promise<Term> {
    const numbered = await this.words.numberedPartsOf(word, status);
    if (numbered !== null) {
      return [numbered];
    }
    const corrections = await this.words.like(word, status, reach);
    return corrections.length > 0
      ? eachOf(corrections)
      : [(await this.words.partsOf(word, status)) ?? [lexeme]];
  }
}

function eachOf(words: readonly { readonly lexeme: string }[]): Term {
  return [...new Set(words.map(({ lexeme }) => lexeme))].map((stem) => [stem]);
}

function unspacedRun(words: readonly QueryWord[]): string[] {
  const end = words.findIndex(({ word }) => !UNSPACED.test(word));
  return words.slice(0, end === -1 ? words.length : end).map(({ lexeme }) => lexeme);
}
