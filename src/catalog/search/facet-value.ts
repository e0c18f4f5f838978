/** The facets, by the letter that they have in `product_documents.facet_values`. */
const LETTERS = { brand: 'b', category: 'c', price: 'p', attribute: 'a' } as const;
export type FacetName = keyof typeof LETTERS;

// Names of attributes hold no control characters.
const SEPARATOR = '\x1f';

/** A value of a facet, as `product_search_fields` of the database writes it. */
export function facetValue(facet: FacetName, name: string, value: string): string {
  return `${facetPrefix(facet, name)}${value}`;
}

/** What all values of one facet, or of one attribute, begin with. */
export function facetPrefix(facet: FacetName, name?: string): string {
  return name === undefined
    ? `${LETTERS[facet]}${SEPARATOR}`
    : `${LETTERS[facet]}${SEPARATOR}${name}${SEPARATOR}`;
}

/** The facet of a value, the name of the attribute (else empty), and the value itself. */
export function readFacetValue(text: string): { facet: string; name: string; value: string } {
  const [letter = '', name = '', ...rest] = text.split(SEPARATOR);
  return { facet: letter, name, value: rest.join(SEPARATOR) };
}
