import { hash } from 'node:crypto';
import { Problem } from '../http/problem.js';
import type { ProductVersion } from './documents/product-version.js';

const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** The strong entity tag (RFC 9110 8.8.3) of a revision. */
export function entityTag(revision: number): string {
  return `"${revision}"`;
}

/**
 * The strong entity tag of a product: another may come to its address at the same revision, so it tells of the id too. Of
 * that the end, because UUIDs that were made at the same time (RFC 9562 5.7) begin alike.
 */
export function productTag({ id, revision }: ProductVersion): string {
  return `"${revision}.${id.slice(-12)}"`;
}

/** The strong entity tag of what is told apart by a text: here the ids and revisions that an answer is made of. */
export function entityTagOf(text: string): string {
  return `"${digestOf(text)}"`;
}

/**
 * The strong entity tag of something that shows others too: the text tells apart all that is shown. To change it, its own
 * revision is what has to match.
 */
export function entityTagWith(revision: number, text: string): string {
  return `"${revision}.${digestOf(text)}"`;
}

/** Whether `If-None-Match` (RFC 9110 13.1.2) names the tag: weakly compared, so `W/"3"` is `"3"`. */
export function isNoneMatchHit(header: string | undefined, tag: string): boolean {
  if (header === undefined) {
    return false;
  }
  return (
    header.trim() === '*' ||
    entityTags(header).some((candidate) => candidate === tag || candidate === `W/${tag}`)
  );
}

/**
 * Checks a required `If-Match` (RFC 9110 13.1.1) against the product that is there: strongly, so a weak tag never matches.
 * Its bare revision is as good as its tag: what is changed is named by its id.
 * @throws Problem `precondition-required` (RFC 6585 3) without one, `precondition-failed` where none of its tags matches
 */
export function requireMatch(header: string | undefined, product: ProductVersion): void {
  if (header === undefined) {
    throw new Problem(
      'precondition-required',
      'Send If-Match with the ETag of what you read, or If-Match: * to overwrite.',
    );
  }
  refuseMismatch(header, product);
}

/** Checks `If-Match` where it is sent. @throws Problem `precondition-failed` */
export function refuseMismatch(header: string | undefined, product: ProductVersion): void {
  refuseAllBut([productTag(product), entityTag(product.revision)], entityTags(header), header);
}

/** The same for tags that tell of others too: only the revision counts. @throws Problem `precondition-failed` */
export function refuseOtherRevision(header: string | undefined, revision: number): void {
  const tags = entityTags(header).map((tag) => tag.replace(/\.[\w-]{22}"$/, '"'));
  refuseAllBut([entityTag(revision)], tags, header);
}

function refuseAllBut(
  accepted: readonly string[],
  tags: readonly string[],
  header: string | undefined,
): void {
  if (header === undefined || header.trim() === '*') {
    return;
  }
  if (tags.some((tag) => !ENTITY_TAG.test(tag))) {
    throw new Problem(
      'precondition-failed',
      'If-Match is no list of ETags. Send the ETag as you got it, quotes and all: "3".',
    );
  }
  if (!tags.some((tag) => accepted.includes(tag))) {
    throw new Problem(
      'precondition-failed',
      'It has been changed since you read it. Read it again, and send the ETag that comes with it.',
    );
  }
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

// Our tags hold no comma: splitting a foreign one in two only makes two that do not match.
function entityTags(header = ''): string[] {
  return header
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
}
