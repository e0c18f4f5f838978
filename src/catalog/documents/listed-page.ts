import { readVersion } from './product-version.js';
import type { SearchState } from './product-cursor.js';

/** Body, sort key, and `<id>.<revision>`. */
export type PageRow = [body: string, key: string, version: string];

/** A page as it goes out: what it shows is one text each, however many products there are. */
export interface ListedPage {
  /** The bodies of its products, with commas between. */
  readonly items: string;
  /** What tells one state of the page from another: all its `<id>.<revision>`. */
  readonly versions: string;
  readonly isEmpty: boolean;
  /** The last product on it, where there is a page behind it. */
  readonly end: { readonly key: string; readonly id: string } | undefined;
}

/** A page, and for a search what its next page must know. */
export interface FoundPage extends SearchState {
  readonly page: ListedPage;
}

/** One row of five columns instead of one for each product: items, versions, number, and key and version of the last. */
export type AggregatedPage = [
  items: string | null,
  versions: string | null,
  found: number,
  lastKey: string | null,
  lastVersion: string | null,
];

/** The statement that has PostgreSQL put a page together from at most `limit` + 1 rows of `PageRow`, in their order. */
export function aggregatedPage(rows: string, limit: number): string {
  return `
    SELECT string_agg(body, ',') FILTER (WHERE n <= ${limit}), string_agg(version, '') FILTER (WHERE n <= ${limit}),
      count(*)::int, max(page_key) FILTER (WHERE n = ${limit}), max(version) FILTER (WHERE n = ${limit})
    FROM (SELECT *, row_number() OVER () AS n FROM (${rows}) page) numbered`;
}

/** The page that was put together so. */
export function pageFromAggregate(
  [items, versions, found, lastKey, lastVersion]: AggregatedPage,
  limit: number,
): ListedPage {
  return {
    items: items ?? '',
    versions: versions ?? '',
    isEmpty: found === 0,
    end: found > limit ? endOf(lastKey, lastVersion) : undefined,
  };
}

/** The page of at most `limit` of the rows. */
export function pageFromRows(rows: readonly PageRow[], limit: number): ListedPage {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(([body]) => body).join(','),
    versions: shown.map(([, , version]) => version).join(''),
    isEmpty: rows.length === 0,
    end: rows.length > limit ? endOf(last?.[1], last?.[2]) : undefined,
  };
}

function endOf(key: string | null = null, version: string | null = null): ListedPage['end'] {
  return key === null || version === null ? undefined : { key, id: readVersion(version).id };
}
