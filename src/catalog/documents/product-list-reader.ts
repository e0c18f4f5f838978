import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { Facets } from '../search/facets.service.js';
import { QueryInterpreter } from '../search/query-interpreter.js';
import type { SearchPhrase } from '../search/search-phrase.js';
import { documentPool } from './document-pool.js';
import { countQuery, pageQuery } from './page-query.js';
import { cursorAfter, pageEndOf } from './product-cursor.js';
import type { ProductListQuery } from './product-list-query.js';

/** Body, sort key and id. */
type Row = [body: string, key: string, id: string];

/** Reads lists of products: their documents go out as they are, not parsed and not serialised again. */
@Injectable()
export class ProductListReader {
  private readonly pool: pg.Pool;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    private readonly interpreter: QueryInterpreter,
    private readonly facets: Facets,
  ) {
    this.pool = documentPool(dataSource);
  }

  /** A page of products as JSON text: `{"items": [...], "nextCursor": ...}`. @throws Problem `bad-request` for a foreign cursor */
  async page(query: ProductListQuery): Promise<string> {
    const { rows, phrase } = await this.find(query);
    const [total, facets] = await Promise.all([
      query.count ? this.count(query, phrase) : undefined,
      query.facets ? this.facets.of(query, phrase) : undefined,
    ]);
    const items = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? items.at(-1) : undefined;
    const nextCursor = last ? cursorAfter(query, last[1], last[2], phrase) : null;
    const totalMember = total === undefined ? '' : `,"total":${total}`;
    const facetsMember = facets === undefined ? '' : `,"facets":${JSON.stringify(facets)}`;
    return `{"items":[${items.map(([body]) => body).join(',')}],"nextCursor":${JSON.stringify(nextCursor)}${totalMember}${facetsMember}}`;
  }

  private async find(query: ProductListQuery): Promise<{ rows: Row[]; phrase?: SearchPhrase }> {
    if (query.q === undefined) {
      return { rows: await this.rows(query) };
    }
    const known = query.cursor === undefined ? undefined : pageEndOf(query, query.cursor).phrase;
    const phrase = known ?? (await this.interpreter.interpret(query.q, query.status));
    const rows = await this.rows(query, phrase);
    if (rows.length > 0 || known) {
      return { rows, phrase };
    }
    const wider = await this.interpreter.widen(query.q, query.status, phrase);
    return wider === null ? { rows, phrase } : { rows: await this.rows(query, wider), phrase: wider };
  }

  private async rows(query: ProductListQuery, phrase?: SearchPhrase): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>({ ...pageQuery(query, phrase), rowMode: 'array' });
    return rows;
  }

  private async count(query: ProductListQuery, phrase: SearchPhrase | undefined): Promise<number> {
    const { rows } = await this.pool.query<[number]>({ ...countQuery(query, phrase), rowMode: 'array' });
    return rows[0]?.[0] ?? 0;
  }
}
