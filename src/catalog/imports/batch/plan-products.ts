import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { freeSlugs } from '../../free-slug.js';
import { slugBase } from '../../products/insert-product.js';
import type { LineFault } from '../../formats/staged-line.js';
import { MAX_VARIANTS } from '../../variants/variants.service.js';
import type { Draft } from '../read-draft.js';
import { type OwnedSku, type ProductState, lockStates, ownersOf, productsBySlug } from './known-products.js';
import { type Plan, type PlannedProduct, currencyOf } from './planned-product.js';

/** Which products there are with the SKUs and slugs that drafts name. */
interface Known {
  readonly owners: ReadonlyMap<string, OwnedSku>;
  readonly idsBySlug: ReadonlyMap<string, string>;
}

/**
 * Says what becomes of each draft: a product is matched by the SKUs of its variants, else by its slug, else it is new.
 * Locks the products that are there. Every conflict is found by looking, so that none breaks the transaction.
 */
export async function planProducts(
  manager: EntityManager,
  importId: string,
  drafts: readonly Draft[],
): Promise<Plan> {
  const known: Known = {
    owners: await ownersOf(manager, importId, drafts.flatMap(skusOf)),
    idsBySlug: await productsBySlug(manager, drafts.flatMap(slugsOf)),
  };
  const { first, left } = apart(drafts, known);
  const faults: LineFault[] = [];
  const matches = new Map<string, Draft>();
  const fresh: Draft[] = [];
  for (const draft of first) {
    const found = match(draft, known);
    if (typeof found === 'object') {
      faults.push({ line: draft.line, ...found });
    } else if (found === undefined) {
      fresh.push(draft);
    } else {
      matches.set(found, draft);
    }
  }
  const states = await lockStates(manager, [...matches.keys()]);
  const updated: PlannedProduct[] = [];
  for (const [id, draft] of matches) {
    const state = states.get(id);
    const reason = state ? faultOfUpdate(draft, state) : 'Its product has just been removed.';
    if (reason !== null) {
      faults.push({ line: draft.line, reason });
    } else if (state) {
      updated.push({ draft, id, isNew: false, slug: draft.product.slug ?? null, knownSkus: state.skus });
    }
  }
  return { created: await planNew(manager, fresh), updated, faults, left };
}

/**
 * The drafts that have nothing to do with one before them, and those that have: they are planned when the others are
 * written, in the order of the file, since what is free then, and whose it is, may be another.
 */
function apart(drafts: readonly Draft[], known: Known): { first: Draft[]; left: Draft[] } {
  const named = new Set<string>();
  const first: Draft[] = [];
  const left: Draft[] = [];
  for (const draft of drafts) {
    const names = namesOf(draft, known);
    (names.some((name) => named.has(name)) ? left : first).push(draft);
    names.forEach((name) => named.add(name));
  }
  return { first, left };
}

/** Its SKUs and its slug, and the products that have one of them. */
function namesOf(draft: Draft, { owners, idsBySlug }: Known): string[] {
  const skus = skusOf(draft);
  const slugs = slugsOf(draft);
  const ids = [...skus.map((sku) => owners.get(sku)?.productId), ...slugs.map((slug) => idsBySlug.get(slug))];
  return [
    ...skus.map((sku) => `sku ${sku}`),
    ...slugs.map((slug) => `slug ${slug}`),
    ...ids.flatMap((id) => (id === undefined ? [] : [`id ${id}`])),
  ];
}

/** The id of the product that a draft names, `undefined` for a new one, or what speaks against it. */
function match(draft: Draft, { owners, idsBySlug }: Known): string | undefined | { reason: string } {
  const owned = skusOf(draft).flatMap((sku) => owners.get(sku) ?? []);
  const seen = owned.find(({ seenOnLine }) => seenOnLine !== null);
  if (seen) {
    return { reason: `The SKU "${seen.sku}" is on line ${seen.seenOnLine} already.` };
  }
  const [one] = owned;
  const other = owned.find(({ productId }) => productId !== one?.productId);
  if (one && other) {
    return { reason: `The SKUs "${one.sku}" and "${other.sku}" belong to different products.` };
  }
  const { slug } = draft.product;
  const ofSlug = slug === undefined ? undefined : idsBySlug.get(slug);
  if (one && ofSlug !== undefined && ofSlug !== one.productId) {
    return { reason: `The slug "${slug}" is taken by another product than the SKU "${one.sku}".` };
  }
  return one?.productId ?? ofSlug;
}

// Variants that the line does not name stay, so they count, and keep their currency.
function faultOfUpdate(draft: Draft, state: ProductState): string | null {
  const named = new Set(skusOf(draft));
  const staying = [...state.skus].filter((sku) => !named.has(sku)).length;
  if (staying + named.size > MAX_VARIANTS) {
    return `/variants are too many: the product has ${staying} others, and at most ${MAX_VARIANTS} in all`;
  }
  if (named.size === 0 || currencyOf(draft) === state.currency) {
    return null;
  }
  return staying > 0
    ? `/variants/0/price/currency must be ${state.currency}, as for the other variants of the product`
    : faultOfStayingPrice(draft, state);
}

// A `compareAtPrice` that is left out stays as it is, which would be so many of another currency.
function faultOfStayingPrice({ product }: Draft, { reducedSkus, currency }: ProductState): string | null {
  const index = product.variants.findIndex(
    ({ sku, compareAtPrice }) => compareAtPrice === undefined && reducedSkus.has(sku),
  );
  return index === -1
    ? null
    : `/variants/${index}/compareAtPrice must be given anew, or be null: the one that the variant has is in ${currency}`;
}

async function planNew(manager: EntityManager, drafts: readonly Draft[]): Promise<PlannedProduct[]> {
  const nameless = drafts.filter(({ product }) => product.slug === undefined);
  const bases = nameless.map(({ product }) => slugBase({ id: v7(), title: product.title }));
  const slugs = await freeSlugs(manager, 'products', bases, drafts.flatMap(slugsOf));
  const slugOf = new Map(nameless.map((draft, index) => [draft, slugs[index]]));
  return drafts.map((draft) => ({
    draft,
    id: v7(),
    isNew: true,
    slug: draft.product.slug ?? slugOf.get(draft) ?? null,
    knownSkus: new Set<string>(),
  }));
}

function skusOf({ product }: Draft): string[] {
  return product.variants.map(({ sku }) => sku);
}

function slugsOf({ product }: Draft): string[] {
  return product.slug === undefined ? [] : [product.slug];
}
