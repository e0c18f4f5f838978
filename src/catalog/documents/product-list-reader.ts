import type { ReadSource } from '../../database/read-source.js';
import { entityTagOf } from '../entity-tag.js';
import { Facets } from '../search/facets.service.js';
import { QueryInterpreter } from '../search/query-interpreter.js';
import type { RelevancePages } from '../search/relevance-pages.js';
import type { SearchPhrase } from '../search/search-phrase.js';
import { OldSlugs } from '../slugs/old-slugs.js';
import { countQuery, type PagePart, pageQuery } from './page-query.js';
import type { FoundPage, PageRow } from './page-row.js';
import { cursorAfter, type PageEnd, pageEndOf } from './product-cursor.js';
import type { ProductListQuery } from './product-list-query.js';

/** A page as JSON text, with its entity tag, which is made of the revisions on it. */
export interface TaggedPage {
  readonly tag: string;
  readonly text: string;
}

const ID_LENGTH = 36;

/** What was found, and what was asked for at last. */
interface Found extends FoundPage {
  readonly query: ProductListQuery;
}

/** Reads lists of products: their documents go out as they are, not parsed and not serialised again. */
export class ProductListReader {
  constructor(
    private readonly source: ReadSource,
    private readonly interpreter: QueryInterpreter,
    private readonly relevancePages: RelevancePages,
    private readonly facets: Facets,
    private readonly oldSlugs: OldSlugs,
  ) {}

  /** A page of products: `{"items": [...], "nextCursor": ...}`. @throws Problem `bad-request` for a foreign cursor */
  async page(query: ProductListQuery): Promise<TaggedPage> {
    const { rows, nextCursor, more, tag } = await this.read(query, 'whole');
    const items = rows.map(([body]) => body).join(',');
    return { tag, text: `{"items":[${items}],"nextCursor":${JSON.stringify(nextCursor)}${more}}` };
  }

  /** The entity tag that a page has now; its products are not read for it. @throws Problem as `page` */
  async pageTag(query: ProductListQuery): Promise<string> {
    return (await this.read(query, 'outline')).tag;
  }

  private async read(asked: ProductListQuery, part: PagePart) {
    const { query, rows: found, phrase, ranked } = await this.findAnyCategory(asked, part);
    const rows = found.slice(0, query.limit);
    const last = found.length > query.limit ? rows.at(-1) : undefined;
    const nextCursor = last
      ? cursorAfter(query, last[1], last[2].slice(0, ID_LENGTH), { phrase, ranked })
      : null;
    const more = query.count || query.facets ? await this.totalAndFacets(query, phrase) : '';
    let outline = `${nextCursor} ${more}`;
    for (const [, , version] of rows) {
      outline += version;
    }
    return { rows, nextCursor, more, tag: entityTagOf(outline) };
  }

  private async totalAndFacets(query: ProductListQuery, phrase: SearchPhrase | undefined): Promise<string> {
    const [total, facets] = await Promise.all([
      query.count ? this.count(query, phrase) : undefined,
      query.facets ? this.facets.of(query, phrase) : undefined,
    ]);
    const totalMember = total === undefined ? '' : `,"total":${total}`;
    return facets === undefined ? totalMember : `${totalMember},"facets":${JSON.stringify(facets)}`;
  }

  // Only where nothing is found can the slug be an old one: nobody else waits for that to be looked up.
  private async findAnyCategory(query: ProductListQuery, part: PagePart): Promise<Found> {
    const found = await this.find(query, part);
    if (found.rows.length > 0 || query.category === undefined) {
      return found;
    }
    const present = await this.oldSlugs.category(query.category);
    return present === null ? found : this.find({ ...query, presentCategory: present.slug }, part);
  }

  private async find(query: ProductListQuery, part: PagePart): Promise<Found> {
    if (query.q === undefined) {
      return { query, rows: await this.rows(query, part) };
    }
    const end = query.cursor === undefined ? undefined : pageEndOf(query, query.cursor);
    const phrase = end?.phrase ?? (await this.interpreter.interpret(query.q, query.status));
    const found = await this.matches(query, part, phrase, end);
    if (found.rows.length > 0 || end?.phrase) {
      return found;
    }
    const wider = await this.interpreter.widen(query.q, query.status, phrase);
    return wider === null ? found : this.matches(query, part, wider, end);
  }

  private async matches(
    query: ProductListQuery,
    part: PagePart,
    phrase: SearchPhrase,
    end: PageEnd | undefined,
  ): Promise<Found> {
    return query.sort === 'relevance'
      ? { query, ...(await this.relevancePages.read(query, part, phrase, end)) }
      : { query, rows: await this.rows(query, part, phrase), phrase };
  }

  private async rows(query: ProductListQuery, part: PagePart, phrase?: SearchPhrase): Promise<PageRow[]> {
    const { rows } = await this.source.query<PageRow>({
      ...pageQuery(query, part, phrase),
      rowMode: 'array',
    });
    return rows;
  }

  private async count(query: ProductListQuery, phrase: SearchPhrase | undefined): Promise<number> {
    const { rows } = await this.source.query<[number]>({ ...countQuery(query, phrase), rowMode: 'array' });
    return rows[0]?.[0] ?? 0;
  }
}
