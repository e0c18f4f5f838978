import { Problem } from '../../http/problem.js';
import { phraseQuery, type SearchPhrase, termQuery } from './search-phrase.js';

/** The most products that are ranked in one tier. */
export const MAX_RANKED = 500;

/** What a cursor has for the rank of what is not ranked. */
export const UNRANKED = 'unranked';

/**
 * Which matches are ranked where there are too many: all of the tiers before `tier`, and of that one those whose id is not
 * below `from`, the newest `MAX_RANKED` when the search began. What is behind them is listed by age.
 */
export interface RankedPart {
  readonly tier: number;
  readonly from: string;
}

/** Whether a product is what a phrase looks for: a condition on `product_documents`. */
export function matchCondition(phrase: SearchPhrase, values: unknown[]): string {
  const either = [
    ...(phrase.sku === null ? [] : [skuCondition(phrase.sku, values)]),
    ...(phrase.terms.length === 0 ? [] : [`search @@ $${values.push(phraseQuery(phrase))}::tsquery`]),
  ];
  return either.length === 0 ? 'false' : `(${either.join(' OR ')})`;
}

/**
 * Where the best matches are looked for, one after the other: by SKU; where any word is enough, with all but one; with
 * the words in the title; in title, brand and categories; anywhere. Conditions on `product_documents`.
 */
export function tiersOf(phrase: SearchPhrase, values: unknown[]): string[] {
  const tiers: string[] = phrase.sku === null ? [] : [skuCondition(phrase.sku, values)];
  if (phrase.match === 'any' && phrase.terms.length > 2) {
    tiers.push(`search @@ $${values.push(allButOne(phrase))}::tsquery`);
  }
  if (phrase.terms.length > 0) {
    const query = `$${values.push(phraseQuery(phrase))}::tsquery`;
    tiers.push(...['title_words', 'name_words', 'search'].map((words) => `${words} @@ ${query}`));
  }
  return tiers.length === 0 ? ['false'] : tiers;
}

/**
 * The conditions of which each ranked match fulfils one.
 * @throws Problem `bad-request` for a part of other tiers
 */
export function rankedConditions(
  tiers: readonly string[],
  { tier, from }: RankedPart,
  values: unknown[],
): string[] {
  const last = tiers[tier];
  if (last === undefined) {
    throw new Problem('bad-request', 'The cursor is damaged.');
  }
  return [...tiers.slice(0, tier), `${last} AND product_id >= $${values.push(from)}::uuid`];
}

function skuCondition(sku: string, values: unknown[]): string {
  return `skus @> ARRAY[$${values.push(sku)}::text]`;
}

function allButOne({ terms }: SearchPhrase): string {
  const subsets = terms.map((_, left) => terms.toSpliced(left, 1).map(termQuery).join(' & '));
  return subsets.map((subset) => `(${subset})`).join(' | ');
}
