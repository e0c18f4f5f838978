import type { SearchState } from './product-cursor.js';

/** Body, sort key, and `<id>.<revision>`. */
export type PageRow = [body: string, key: string, version: string];

/** The rows of a page, perhaps one more than it shows, and for a search what its next page must know. */
export interface FoundPage extends SearchState {
  readonly rows: PageRow[];
}
