import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { isUuid } from '../../http/uuid-param.pipe.js';
import type { ProductStatus } from '../products/product.entity.js';
import { entityTagOf } from '../entity-tag.js';
import { isSlug } from '../slug.js';
import { documentPool } from './document-pool.js';
import { countQuery, pageQuery } from './page-query.js';
import { cursorAfter } from './product-cursor.js';
import type { ProductDocument } from './product-documents.js';
import type { ProductListQuery } from './product-list-query.js';

const BY_ID = 'SELECT status, revision, head || tail AS body FROM product_documents WHERE product_id = $1';
const BY_SLUG = 'SELECT status, revision, head || tail AS body FROM product_documents WHERE slug = $1';

/** A page as JSON text, with its entity tag, which is made of the revisions on it. */
export interface TaggedPage {
  readonly tag: string;
  readonly text: string;
}

type PageRow = [body: string, key: string, version: string];

const ID_LENGTH = 36;

/** Reads product documents: no join, no entity, no parsing of what is answered as it is. */
@Injectable()
export class DocumentReader {
  private readonly pool: pg.Pool;

  constructor(@InjectDataSource() dataSource: DataSource) {
    this.pool = documentPool(dataSource);
  }

  /** The document of a product, whatever its status, or `null`. */
  async find(idOrSlug: string): Promise<ProductDocument | null> {
    const isId = isUuid(idOrSlug);
    if (!isId && !isSlug(idOrSlug)) {
      return null;
    }
    const { rows } = await this.pool.query<[ProductStatus, number, string]>({
      name: isId ? 'product-by-id' : 'product-by-slug',
      text: isId ? BY_ID : BY_SLUG,
      values: [idOrSlug],
      rowMode: 'array',
    });
    const [row] = rows;
    return row ? { status: row[0], revision: row[1], body: row[2] } : null;
  }

  /** The revision and status of a product, without its body, or `null`. */
  async findRevision(idOrSlug: string): Promise<Omit<ProductDocument, 'body'> | null> {
    const isId = isUuid(idOrSlug);
    if (!isId && !isSlug(idOrSlug)) {
      return null;
    }
    const { rows } = await this.pool.query<Omit<ProductDocument, 'body'>>({
      name: isId ? 'revision-by-id' : 'revision-by-slug',
      text: `SELECT status, revision FROM product_documents WHERE ${isId ? 'product_id' : 'slug'} = $1`,
      values: [idOrSlug],
    });
    return rows[0] ?? null;
  }

  /** A page of products: `{"items": [...], "nextCursor": ...}`. @throws Problem `bad-request` for a foreign cursor */
  async page(query: ProductListQuery): Promise<TaggedPage> {
    const { rows, nextCursor, total, tag } = await this.readPage(query, 'whole');
    const totalMember = total === undefined ? '' : `,"total":${total}`;
    const items = rows.map(([body]) => body).join(',');
    return { tag, text: `{"items":[${items}],"nextCursor":${JSON.stringify(nextCursor)}${totalMember}}` };
  }

  /** The entity tag that a page has now; its products are not read for it. @throws Problem as `page` */
  async pageTag(query: ProductListQuery): Promise<string> {
    return (await this.readPage(query, 'outline')).tag;
  }

  private async readPage(query: ProductListQuery, part: 'whole' | 'outline') {
    const [{ rows: found }, total] = await Promise.all([
      this.pool.query<PageRow>({ ...pageQuery(query, part), rowMode: 'array' }),
      query.count ? this.count(query) : undefined,
    ]);
    const rows = found.slice(0, query.limit);
    const last = found.length > query.limit ? rows.at(-1) : undefined;
    const nextCursor = last ? cursorAfter(query, last[1], last[2].slice(0, ID_LENGTH)) : null;
    let outline = `${nextCursor} ${total}`;
    for (const [, , version] of rows) {
      outline += version;
    }
    return { rows, nextCursor, total, tag: entityTagOf(outline) };
  }

  private async count(query: ProductListQuery): Promise<number> {
    const { rows } = await this.pool.query<[number]>({ ...countQuery(query), rowMode: 'array' });
    return rows[0]?.[0] ?? 0;
  }
}
