import type { ReadSource } from '../../database/read-source.js';
import { entityTagOf } from '../entity-tag.js';
import { Facets } from '../search/facets.service.js';
import { QueryInterpreter } from '../search/query-interpreter.js';
import type { SearchPhrase } from '../search/search-phrase.js';
import { OldSlugs } from '../slugs/old-slugs.js';
import { countQuery, pageQuery } from './page-query.js';
import { cursorAfter, pageEndOf } from './product-cursor.js';
import type { ProductListQuery } from './product-list-query.js';

/** A page as JSON text, with its entity tag, which is made of the revisions on it. */
export interface TaggedPage {
  readonly tag: string;
  readonly text: string;
}

/** Body, sort key, and `<id>.<revision>`. */
type Row = [body: string, key: string, version: string];

const ID_LENGTH = 36;

/** The products of a page and one more; what the `q` means, and what was asked for at last. */
interface Found {
  readonly query: ProductListQuery;
  readonly rows: Row[];
  readonly phrase?: SearchPhrase;
}

/** With the bodies of the products, or without. */
type Part = 'whole' | 'outline';

/** Reads lists of products: their documents go out as they are, not parsed and not serialised again. */
export class ProductListReader {
  constructor(
    private readonly source: ReadSource,
    private readonly interpreter: QueryInterpreter,
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

  private async read(asked: ProductListQuery, part: Part) {
    const { query, rows: found, phrase } = await this.findAnyCategory(asked, part);
    const rows = found.slice(0, query.limit);
    const last = found.length > query.limit ? rows.at(-1) : undefined;
    const nextCursor = last ? cursorAfter(query, last[1], last[2].slice(0, ID_LENGTH), phrase) : null;
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
  private async findAnyCategory(query: ProductListQuery, part: Part): Promise<Found> {
    const found = await this.find(query, part);
    if (found.rows.length > 0 || query.category === undefined) {
      return found;
    }
    const present = await this.oldSlugs.category(query.category);
    return present === null ? found : this.find({ ...query, presentCategory: present.slug }, part);
  }

  private async find(query: ProductListQuery, part: Part): Promise<Found> {
    if (query.q === undefined) {
      return { query, rows: await this.rows(query, part) };
    }
    const known = query.cursor === undefined ? undefined : pageEndOf(query, query.cursor).phrase;
    const phrase = known ?? (await this.interpreter.interpret(query.q, query.status));
    const rows = await this.rows(query, part, phrase);
    if (rows.length > 0 || known) {
      return { query, rows, phrase };
    }
    const wider = await this.interpreter.widen(query.q, query.status, phrase);
    return wider === null
      ? { query, rows, phrase }
      : { query, rows: await this.rows(query, part, wider), phrase: wider };
  }

  private async rows(query: ProductListQuery, part: Part, phrase?: SearchPhrase): Promise<Row[]> {
    const { rows } = await this.source.query<Row>({ ...pageQuery(query, part, phrase), rowMode: 'array' });
    return rows;
  }

  private async count(query: ProductListQuery, phrase: SearchPhrase | undefined): Promise<number> {
    const { rows } = await this.source.query<[number]>({ ...countQuery(query, phrase), rowMode: 'array' });
    return rows[0]?.[0] ?? 0;
  }
}
