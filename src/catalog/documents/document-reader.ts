import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { isUuid } from '../../http/uuid-param.pipe.js';
import type { ProductStatus } from '../products/product.entity.js';
import { isSlug } from '../slug.js';
import { documentPool } from './document-pool.js';
import { countQuery, pageQuery } from './page-query.js';
import { cursorAfter } from './product-cursor.js';
import type { ProductDocument } from './product-documents.js';
import type { ProductListQuery } from './product-list-query.js';

const BY_ID = 'SELECT status, revision, head || tail AS body FROM product_documents WHERE product_id = $1';
const BY_SLUG = 'SELECT status, revision, head || tail AS body FROM product_documents WHERE slug = $1';

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

  /** A page of products as JSON text: `{"items": [...], "nextCursor": ...}`. @throws Problem `bad-request` for a foreign cursor */
  async page(query: ProductListQuery): Promise<string> {
    const [{ rows }, total] = await Promise.all([
      this.pool.query<[string, string, string]>({ ...pageQuery(query), rowMode: 'array' }),
      query.count ? this.count(query) : undefined,
    ]);
    const items = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? items.at(-1) : undefined;
    const nextCursor = last ? cursorAfter(query, last[1], last[2]) : null;
    const totalMember = total === undefined ? '' : `,"total":${total}`;
    return `{"items":[${items.map(([body]) => body).join(',')}],"nextCursor":${JSON.stringify(nextCursor)}${totalMember}}`;
  }

  private async count(query: ProductListQuery): Promise<number> {
    const { rows } = await this.pool.query<[number]>({ ...countQuery(query), rowMode: 'array' });
    return rows[0]?.[0] ?? 0;
  }
}
