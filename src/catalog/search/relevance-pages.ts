import type { RowSource } from '../../database/row-source.js';
import { bodyOf, type PagePart } from '../documents/page-query.js';
import { type FoundPage, pageFromRows, type PageRow } from '../documents/listed-page.js';
import type { PageEnd } from '../documents/product-cursor.js';
import type { ProductListQuery } from '../documents/product-list-query.js';
import type { Statement } from '../documents/statement.js';
import { readRankedPart } from './ranked-part.js';
import { firstRankedQuery, nextRankedQuery, unrankedQuery } from './relevance-page.sql.js';
import type { SearchPhrase } from './search-phrase.js';
import { UNRANKED } from './tiers.js';

/**
 * Reads what is found in the order of relevance: the best matches by rank and, where there are too many to rank them all,
 * behind them the others, the newest first. Every match is listed once, however many there are.
 */
export class RelevancePages {
  constructor(private readonly source: RowSource) {}

  /** A page of what is found. */
  async read(
    query: ProductListQuery,
    part: PagePart,
    phrase: SearchPhrase,
    end: PageEnd | undefined,
  ): Promise<FoundPage> {
    const body = bodyOf(part);
    if (end?.key === UNRANKED && end.ranked?.cut) {
      const rest = { after: end.id, limit: query.limit + 1 };
      const rows = await this.rows(unrankedQuery(query, body, phrase, end.ranked, rest));
      return { page: pageFromRows(rows, query.limit), phrase, ranked: end.ranked };
    }
    const { rows, ranked } = end?.ranked
      ? { rows: await this.rows(nextRankedQuery(query, body, phrase, end.ranked, end)), ranked: end.ranked }
      : await this.first(query, body, phrase);
    const limit = query.limit + 1 - rows.length;
    if (ranked?.cut && limit > 0) {
      rows.push(...(await this.rows(unrankedQuery(query, body, phrase, ranked, { limit }))));
    }
    return { page: pageFromRows(rows, query.limit), phrase, ranked };
  }

  private async first(query: ProductListQuery, body: string, phrase: SearchPhrase) {
    const found = await this.rows<[...PageRow, string | null]>(firstRankedQuery(query, body, phrase));
    const part = found[0]?.[3] ?? null;
    const rows = found.map<PageRow>(([text, key, version]) => [text, key, version]);
    return { rows, ranked: part === null ? undefined : (readRankedPart(part) ?? undefined) };
  }

  private async rows<Row extends PageRow | [...PageRow, string | null] = PageRow>(
    statement: Statement,
  ): Promise<Row[]> {
    const { rows } = await this.source.query<Row>({ ...statement, rowMode: 'array' });
    return rows;
  }
}
