import { Problem } from '../../http/problem.js';
import type { RankedCut, RankedPart } from './ranked-part.js';
import { phraseQuery, type SearchPhrase, termQuery } from './search-phrase.js';

/** The most products that are ranked in one tier. */
export const MAX_RANKED = 500;

/** What a cursor has for the rank of what is not ranked. */
export const UNRANKED = 'unranked';

/** Writes a condition on `product_documents`, and pushes its values: only where it is asked for, or they would have no type. */
export type Tier = (values: unknown[]) => string;

/** Whether a product is what a phrase looks for: a condition on `product_documents`. */
export function matchCondition(phrase: SearchPhrase, values: unknown[]): string {
  const either = [
    ...(phrase.sku === null ? [] : [skuCondition(phrase.sku, values)]),
    ...(phrase.terms.length === 0 ? [] : [wordsCondition('search', phraseQuery(phrase), values)]),
  ];
  return either.length === 0 ? 'false' : `(${either.join(' OR ')})`;
}

/**
 * Where the best matches are looked for, one after the other: by SKU; where any word is enough, with all but one; with
 * the words in the title; in title, brand and categories; anywhere.
 */
export function tiersOf(phrase: SearchPhrase): Tier[] {
  const { sku, terms, match } = phrase;
  const tiers: Tier[] = sku === null ? [] : [(values) => skuCondition(sku, values)];
  if (match === 'any' && terms.length > 2) {
    tiers.push((values) => wordsCondition('search', allButOne(phrase), values));
  }
  if (terms.length > 0) {
    const query = phraseQuery(phrase);
    tiers.push(
      ...['title_words', 'name_words', 'search'].map<Tier>(
        (column) => (values) => wordsCondition(column, query, values),
      ),
    );
  }
  return tiers.length === 0 ? [() => 'false'] : tiers;
}

/**
 * The conditions of which each ranked match fulfils one.
 * @throws Problem `bad-request` for a part of other tiers
 */
export function rankedConditions(phrase: SearchPhrase, { to, cut }: RankedPart, values: unknown[]): string[] {
  const conditions =
    cut === undefined ? [matchCondition(phrase, values)] : cutConditions(phrase, cut, values);
  const isThere = `product_id <= $${values.push(to)}::uuid`;
  return conditions.map((condition) => `${condition} AND ${isThere}`);
}

function cutConditions(phrase: SearchPhrase, { tier, from }: RankedCut, values: unknown[]): string[] {
  const tiers = tiersOf(phrase);
  const last = tiers[tier];
  if (last === undefined) {
    throw new Problem('bad-request', 'The cursor is damaged.');
  }
  return [
    ...tiers.slice(0, tier).map((whole) => whole(values)),
    `${last(values)} AND product_id >= $${values.push(from)}::uuid`,
  ];
}

function skuCondition(sku: string, values: unknown[]): string {
  return `skus @> ARRAY[$${values.push(sku)}::text]`;
}

function wordsCondition(column: string, query: string, values: unknown[]): string {
  return `${column} @@ $${values.push(query)}::tsquery`;
}

function allButOne({ terms }: SearchPhrase): string {
  const subsets = terms.map((_, left) => terms.toSpliced(left, 1).map(termQuery).join(' & '));
  return subsets.map((subset) => `(${subset})`).join(' | ');
}
