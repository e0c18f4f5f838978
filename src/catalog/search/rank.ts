import { phraseQuery, type SearchPhrase, termQuery } from './search-phrase.js';

// Of words in the description, in attributes, in brand, categories and SKUs, in the title.
const WEIGHTS = '{0.1,0.3,0.6,1}';

/** More than any other rank. */
const SKU_RANK = 100;

/**
 * How well a product answers a phrase, as an expression on `product_documents`: what has the SKU first; then, of what need
 * not have all words, what has more of them; then by where the words stand, and how much of the title they are. It
 * depends on the one product only, so that a page can begin where the last one ended.
 */
export function rankOf(phrase: SearchPhrase, values: unknown[]): string {
  const parts =
    phrase.sku === null
      ? []
      : [`CASE WHEN skus @> ARRAY[$${values.push(phrase.sku)}::text] THEN ${SKU_RANK} ELSE 0 END`];
  if (phrase.terms.length > 0) {
    const words = `greatest(1, cardinality(string_to_array(sort_title, ' ')))`; // a title of signs has none
    const share = `least(1, ${phrase.terms.length} / ${words}::real)`;
    const query = `$${values.push(phraseQuery(phrase))}::tsquery`;
    parts.push(`ts_rank('${WEIGHTS}', search, ${query}) * (1 + ${share})`);
  }
  if (phrase.match === 'any') {
    parts.push(
      ...phrase.terms.map((term) => `4 * (search @@ $${values.push(termQuery(term))}::tsquery)::int`),
    );
  }
  return parts.length === 0 ? '0::real' : `(${parts.join(' + ')})::real`;
}
