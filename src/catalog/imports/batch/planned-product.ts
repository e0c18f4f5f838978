import type { LineFault } from '../../formats/staged-line.js';
import type { Draft } from '../read-draft.js';

/** A product of an import that nothing speaks against: which product it becomes, and under which slug. */
export interface PlannedProduct {
  readonly draft: Draft;
  readonly id: string;
  readonly isNew: boolean;
  /** `null` leaves the slug of a product that is there already. */
  readonly slug: string | null;
  /** SKUs that the product has already; empty for a new one. */
  readonly knownSkus: ReadonlySet<string>;
}

/** What becomes of some drafts. Those `left` name a product that another of them names too: they come afterwards. */
export interface Plan {
  readonly created: readonly PlannedProduct[];
  readonly updated: readonly PlannedProduct[];
  readonly faults: readonly LineFault[];
  readonly left: readonly Draft[];
}

/** The currency that the prices of a product are in, or `null` where it has none. */
export function currencyOf({ product }: Draft): string | null {
  return product.variants[0]?.price.currency ?? null;
}
