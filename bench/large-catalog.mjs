// A made-up catalog of any size, the same at every call: words, brands, categories and attributes are spread as in real
// shops, where few are common and most are rare (Zipf). Product n is the same in a small catalog and in a large one.

const CONSONANTS = [...'bdfgklmnprstvz'];
const VOWELS = [...'aeiou'];
const BRANDS = 2000;
const NOUNS = 400;
const ADJECTIVES = 1500;
const OTHER_WORDS = 4000;
const COLORS = 'black white grey blue red green beige brown pink yellow orange purple'.split(' ');
const SIZES = 'XS S M L XL XXL'.split(' ');
const MATERIALS =
  'cotton steel wood leather glass plastic wool aluminium ceramic paper rubber linen silk bamboo brass'.split(
    ' ',
  );
const FIRST_MINUTE = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;

/** Words that can be said and that no other number has; the stems of PostgreSQL leave them alone. */
export function wordOf(number) {
  let [rest, word] = [number, ''];
  for (let syllable = 0; syllable < 2 || rest > 0; syllable++) {
    word += CONSONANTS[rest % CONSONANTS.length];
    rest = Math.floor(rest / CONSONANTS.length);
    word += VOWELS[(rest + syllable) % VOWELS.length];
    rest = Math.floor(rest / VOWELS.length);
  }
  return `${word}${CONSONANTS[(number * 7) % CONSONANTS.length]}`;
}

/** Numbers from 0 to 1 that look random and are always the same for a seed (mulberry32). */
export function randomFrom(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number below `count`; the first ones are drawn most often, the nth one n times more seldom than the first. */
export const zipf = (random, count) => Math.floor(count ** random()) - 1;

export const nounOf = (number) => wordOf(number);
export const adjectiveOf = (number) => wordOf(NOUNS + number);
export const otherWordOf = (number) => wordOf(NOUNS + ADJECTIVES + number);
export const brandOf = (number) => capital(wordOf(NOUNS + ADJECTIVES + OTHER_WORDS + number));

/** A word as somebody writes it who mixes two letters up. */
export function misspelt(word, random) {
  const at = 1 + Math.floor(random() * (word.length - 2));
  return `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
}

/** Ten departments with eight rooms each, and in those 400 shelves, each for one kind of thing: for `CatalogLoader`. */
export function largeCategories() {
  const category = (slug, name, parentSlug, position) => ({ slug, name, description: '', parentSlug, position });
  const departments = Array.from({ length: 10 }, (_, n) => category(`d${n}`, `${capital(otherWordOf(3000 + n))} Department`, null, n));
  const rooms = Array.from({ length: 80 }, (_, n) => category(`r${n}`, `${capital(otherWordOf(3100 + n))} Room`, `d${n % 10}`, n));
  const shelves = Array.from({ length: NOUNS }, (_, n) => category(`s${n}`, `${capital(nounOf(n))} Shelf`, `r${n % 80}`, n));
  return [...departments, ...rooms, ...shelves];
} // prettier-ignore

/** Product number n: for `CatalogLoader`. */
export function largeProduct(number) {
  const random = randomFrom(number);
  const noun = zipf(random, NOUNS);
  const brand = brandOf(zipf(random, BRANDS));
  const adjectives = Array.from({ length: 1 + Math.floor(random() * 3) }, () => capital(adjectiveOf(zipf(random, ADJECTIVES))));
  const color = COLORS[zipf(random, COLORS.length)];
  const model = `${number.toString(36).toUpperCase()}`;
  const title = [random() < 0.6 ? brand : '', ...adjectives, capital(nounOf(noun)), random() < 0.3 ? `for ${capital(nounOf(zipf(random, NOUNS)))}` : '', `M${model}`];
  const at = new Date(FIRST_MINUTE + number * MINUTE).toISOString();
  const status = random();
  const price = Math.round(100 * Math.exp(2 + 1.3 * (random() + random() + random())));
  return {
    slug: `product-${number}`,
    title: title.filter(Boolean).join(' '),
    description: `${sentence(random, 12)} ${sentence(random, 12)} ${sentence(random, 4 + Math.floor(random() * 20))}`,
    brand,
    status: status < 0.97 ? 'published' : status < 0.99 ? 'draft' : 'archived',
    attributes: {
      color,
      material: random() < 0.2 ? [pick(random, MATERIALS), pick(random, MATERIALS)] : pick(random, MATERIALS),
      weight: 10 * Math.ceil(500 * random() ** 2),
      ...(random() < 0.5 && { waterproof: random() < 0.5 }),
      ...(random() < 0.25 && { model: `Type ${model}` }),
      [`feature${noun % 40}`]: otherWordOf(zipf(random, 200)),
    },
    categorySlugs: random() < 0.1 ? [`s${noun}`, `s${(noun + 7) % NOUNS}`] : [`s${noun}`],
    variants: Array.from({ length: random() < 0.7 ? 1 : 3 }, (_, variant) => ({
      sku: `L-${model}-${variant}`,
      title: null,
      price: { amount: price + 100 * variant, currency: 'EUR' },
      compareAtPrice: random() < 0.2 ? { amount: 2 * price, currency: 'EUR' } : null,
      stock: random() < 0.15 ? 0 : Math.ceil(random() * 50),
      options: { size: SIZES[variant] },
    })),
    createdAt: at,
    publishedAt: status < 0.97 ? at : null,
  };
} // prettier-ignore

function sentence(random, length) {
  const words = Array.from({ length }, () => otherWordOf(zipf(random, OTHER_WORDS)));
  return `${capital(words.join(' '))}.`;
}

const pick = (random, items) => items[Math.floor(random() * items.length)];
const capital = (word) => `${word[0].toUpperCase()}${word.slice(1)}`;
