import { isUuid } from '../../http/uuid-param.pipe.js';

/**
 * What of the matches is ranked: none that is newer than `to`, the newest of them on the first page. So it does not grow
 * when products are added while somebody walks through the pages.
 */
export interface RankedPart {
  readonly to: string;
  /** Absent where all are ranked. */
  readonly cut?: RankedCut;
}

/**
 * Which matches are ranked where there are too many: all of the tiers before `tier`, and of that one those whose id is not
 * below `from`, the newest `MAX_RANKED` when the search began. What is behind them is listed by age.
 */
export interface RankedCut {
  readonly tier: number;
  readonly from: string;
}

/** What stands for the cut where there is none. */
export const ALL_RANKED = 'all';

/** Writes `<to> all`, or `<to> <tier> <from>`. */
export function writeRankedPart({ to, cut }: RankedPart): string {
  return cut === undefined ? `${to} ${ALL_RANKED}` : `${to} ${cut.tier} ${cut.from}`;
}

/** Reads what `writeRankedPart` wrote, or answers `null` where it did not write that. */
export function readRankedPart(text: string): RankedPart | null {
  const [to = '', tier = '', from, ...more] = text.split(' ');
  if (!isUuid(to) || more.length > 0) {
    return null;
  }
  if (from === undefined) {
    return tier === ALL_RANKED ? { to } : null;
  }
  return /^\d$/.test(tier) && isUuid(from) ? { to, cut: { tier: Number(tier), from } } : null;
}
