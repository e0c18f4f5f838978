import { createHash } from 'node:crypto';
import { slugFrom } from '../slug.js';

const MAX_SKU_LENGTH = 64;

/** 64 bits: of a million texts that are alike otherwise, no two are likely to share one. */
const DIGEST_LENGTH = 16;

/** What `slugFrom` takes nothing from that tells handles of a shop apart: ASCII that it does not cut. */
const KEPT_BY_SLUG = /^[\0-\x7f]{0,180}$/;

/** A slug for a text that is none. Where letters are lost a digest stands for them: `bär` and `bar` are two products. */
export function madeSlug(text: string): string {
  const slug = slugFrom(text);
  return KEPT_BY_SLUG.test(text) ? slug : [slug, digestOf(text)].filter(Boolean).join('-');
}

/**
 * An SKU for a variant without one: the same at every import of the same file. A slash, which no slug holds, keeps
 * `shirt` in red apart from `shirt-red`, and `x100/` from what a shop writes itself: its X100 may be of another product.
 */
export function madeSku(
  handle: string,
  options: readonly (readonly [string, string])[],
  made: Set<string>,
): string {
  const values = madeSlug(options.map(([, value]) => value).join(' '));
  const plain = `${handle}/${values}`;
  const isPlain = values !== '' || options.length === 0;
  const isGood = isPlain && plain.length <= MAX_SKU_LENGTH && !made.has(plain);
  const sku = isGood
    ? plain
    : `${handle.slice(0, MAX_SKU_LENGTH - DIGEST_LENGTH - 1)}/${digestOf(JSON.stringify([handle, options]))}`;
  made.add(sku);
  return sku;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}
