import type { RowSource } from '../../database/row-source.js';
import { entityTagOf } from '../entity-tag.js';
import { Facets } from '../search/facets.service.js';
import { QueryInterpreter } from '../search/query-interpreter.js';
import type { RelevancePages } from '../search/relevance-pages.js';
import type { SearchPhrase } from '../search/search-phrase.js';
import { OldSlugs } from '../slugs/old-slugs.js';
import { countQuery, type PagePart, pageQuery } from './page-query.js';
import { type AggregatedPage, type FoundPage, type ListedPage, pageFromAggregate } from './listed-page.js';
import { cursorAfter, type PageEnd, pageEndOf } from './product-cursor.js';
import type { ProductListQuery } from './product-list-query.js';

/** A page as JSON text, with its entity tag, which is made of the revisions on it. */
export interface TaggedPage {
  readonly tag: string;
  readonly text: string;
}

/** What was found, and what was asked for at last. */
interface Found extends FoundPage {
  readonly query: ProductListQuery;
}

/** Reads lists of products: their documents go out as they are, not parsed and not serialised again. */
export class ProductListReader {
  constructor(
    private readonly source: RowSource,
    private readonly interpreter: QueryInterpreter,
    private readonly relevancePages: RelevancePages,
    private readonly facets: Facets,
    private readonly oldSlugs: OldSlugs,
  ) {}

  /** A page of products: `{"items": [...], "nextCursor": ...}`. @throws Problem `bad-request` for a foreign cursor */
  async page(query: ProductListQuery): Promise<TaggedPage> {
    const { items, nextCursor, more, tag } = await this.read(query, 'whole');
    return { tag, text: `{"items":[${items}],"nextCursor":${JSON.stringify(nextCursor)}${more}}` };
  }

  /** The entity tag that a page has now; its products are not read for it. @throws Problem as `page` */
  async pageTag(query: ProductListQuery): Promise<string> {
    return (await this.read(query, 'outline')).tag;
  }

  private async read(asked: ProductListQuery, part: PagePart) {
    const { query, page, phrase, ranked } = await this.findAnyCategory(asked, part);
    const { items, versions, end } = page;
    const nextCursor = end ? cursorAfter(query, end.key, end.id, { phrase, ranked }) : null;
    const more = query.count || query.facets ? await this.totalAndFacets(query, phrase) : '';
    return { items, nextCursor, more, tag: entityTagOf(`${nextCursor} ${more}${versions}`) };
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
    if (!found.page.isEmpty || query.category === undefined) {
      return found;
    }
    const present = await this.oldSlugs.category(query.category);
    return present === null ? found : this.find({ ...query, presentCategory: present.slug }, part);
  }

  private async find(query: ProductListQuery, part: PagePart): Promise<Found> {
    if (query.q === undefined) {
      return { query, page: await this.listed(query, part) };
    }
    const end = query.cursor === undefined ? undefined : pageEndOf(query, query.cursor);
    const phrase = end?.phrase ?? (await this.interpreter.interpret(query.q, query.status));
    const found = await this.matches(query, part, phrase, end);
    if (!found.page.isEmpty || end?.phrase) {
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
      : { query, page: await this.listed(query, part, phrase), phrase };
  }

  private async listed(query: ProductListQuery, part: PagePart, phrase?: SearchPhrase): Promise<ListedPage> {
    const { rows } = await this.source.query<AggregatedPage>(pageQuery(query, part, phrase));
    return pageFromAggregate(rows[0] ?? [null, null, 0, null, null], query.limit);
  }

  private async count(query: ProductListQuery, phrase: SearchPhrase | undefined): Promise<number> {
    const { rows } = await this.source.query<[number]>({ ...countQuery(query, phrase), rowMode: 'array' });
    return rows[0]?.[0] ?? 0;
  }
}
