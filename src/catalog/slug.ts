import { isUuid } from '../http/uuid-param.pipe.js';

/** The longest slug, in characters. */
export const MAX_SLUG_LENGTH = 200;

// Room for a number behind it.
const MAX_MADE_LENGTH = 180;

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Latin letters that Unicode does not decompose (NFKD) into a base letter and marks. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ĸ: 'k',
  ŋ: 'n',
  ŧ: 't', // prettier-ignore
};

/** Whether a text can be a slug: lower-case ASCII words joined by hyphens, and not the look of an id. */
export function isSlug(text: string): boolean {
  return text.length <= MAX_SLUG_LENGTH && SLUG.test(text) && !isUuid(text);
}

/** A slug made from a title: `Smörgås & Brød` becomes `smorgas-brod`. Empty where no Latin letter or digit is left. */
export function slugFrom(title: string): string {
  const words = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .replace(/[^\0-\x7f]/g, (letter) => LETTERS[letter] ?? '-')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const slug = withinLength(words.join('-'));
  return isUuid(slug) ? `item-${slug}` : slug;
}

// Cut between words where that leaves at least half.
function withinLength(slug: string): string {
  if (slug.length <= MAX_MADE_LENGTH) {
    return slug;
  }
  const cut = slug.lastIndexOf('-', MAX_MADE_LENGTH);
  return slug.slice(0, cut > MAX_MADE_LENGTH / 2 ? cut : MAX_MADE_LENGTH).replace(/-$/, '');
}
