// What is asked of the large made-up catalog, drawn as people ask: the path of a request by kind of question.
import { adjectiveOf, brandOf, largeProduct, misspelt, nounOf, otherWordOf, zipf } from './large-catalog.mjs';

const noun = (random) => nounOf(zipf(random, 400));
const adjective = (random) => adjectiveOf(zipf(random, 1500));
const brand = (random) => brandOf(zipf(random, 2000));
const nounOrAdjective = (random) => (random() < 0.7 ? noun(random) : adjective(random));
const skuIn = (random, size) => `L-${Math.floor(random() * size).toString(36).toUpperCase()}-0`; // prettier-ignore

/** A department, one of its rooms, or most often a shelf. */
function category(random) {
  const kind = random();
  if (kind < 0.2) {
    return `d${zipf(random, 10)}`;
  }
  return kind < 0.5 ? `r${zipf(random, 80)}` : `s${zipf(random, 400)}`;
}

const filters = (random) => `category=${category(random)}&minPrice=2000&maxPrice=9000&inStock=true`;

/** Words as they are typed by those who search: common ones often, some misspelt, some with another word. */
function searched(random, size) {
  const kind = random();
  if (kind < 0.4) {
    return noun(random);
  }
  if (kind < 0.6) {
    return `${adjective(random)} ${noun(random)}`;
  }
  if (kind < 0.7) {
    return brand(random).toLowerCase();
  }
  if (kind < 0.8) {
    return `${brand(random)} ${noun(random)}`;
  }
  if (kind < 0.9) {
    return misspelt(nounOrAdjective(random), random);
  }
  if (kind < 0.95) {
    return otherWordOf(zipf(random, 4000));
  }
  return kind < 0.97 ? 'black' : skuIn(random, size);
}

/** The words that most products have. */
function commonWord(random) {
  const kind = random();
  if (kind < 0.4) {
    return nounOf(zipf(random, 8));
  }
  return kind < 0.7 ? adjectiveOf(zipf(random, 20)) : otherWordOf(zipf(random, 200));
}

/** The number of a product that guests may see. */
function publishedNumber(random, size) {
  for (;;) {
    const number = Math.floor(random() * size);
    if (largeProduct(number).status === 'published') {
      return number;
    }
  }
}

const list = (query) => `/v1/products?${query}`;
const search = (words) => `q=${encodeURIComponent(words)}`;
const suggest = (typed) => `/v1/products/suggest?q=${encodeURIComponent(typed)}`;

/** By kind: the path of one question, drawn with `random` from a catalog of `size` products. */
export const QUESTIONS = {
  'a product': (random, size) => `/v1/products/product-${publishedNumber(random, size)}`,
  'a page': () => '/v1/products',
  'a page of a category': (random) => list(`category=${category(random)}`),
  'a filtered page, newest first': (random) => list(filters(random)),
  'a filtered page, cheapest first': (random) => list(`${filters(random)}&sort=price`),
  'a page of a brand': (random) => list(`brand=${brand(random)}`),
  'a search': (random, size) => list(search(searched(random, size))),
  'a search for common words': (random) => list(search(commonWord(random))),
  'a search for rare words': (random) => list(search(otherWordOf(2000 + Math.floor(random() * 900)))),
  'a search for two words': (random) => list(search(`${adjective(random)} ${noun(random)}`)),
  'a search for misspelt words': (random) => list(search(misspelt(nounOrAdjective(random), random))),
  'a search for a SKU': (random, size) => list(search(skuIn(random, size))),
  'a search in a category': (random) => list(`${search(noun(random))}&${filters(random)}`),
  'a search, cheapest first': (random) => list(`${search(noun(random))}&sort=price`),
  'a search with facets': (random, size) => list(`${search(searched(random, size))}&facets=true`),
  'the number of all products': () => list('count=true'),
  'the number found by a search': (random) => list(`${search(noun(random))}&count=true`),
  'facets of a category': (random) => list(`category=${category(random)}&facets=true`),
  'facets, filtered': (random) => list(`${filters(random)}&facets=true`),
  'facets of everything': () => list('facets=true'),
  'a suggestion': (random) => suggest(nounOrAdjective(random).slice(0, 1 + Math.ceil(random() * 4))),
};
