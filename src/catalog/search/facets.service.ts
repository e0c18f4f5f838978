import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { documentPool } from '../documents/document-pool.js';
import type { ProductListQuery } from '../documents/product-list-query.js';
import type { MoneyDto } from '../money.dto.js';
import type { FacetsDto } from './dto/facets.dto.js';
import { facetsQuery, priceBoundsQuery } from './facets.sql.js';
import { type FacetRow, facetsFrom } from './facets.js';
import type { SearchPhrase } from './search-phrase.js';

/** Counts what a list can be narrowed by. */
@Injectable()
export class Facets {
  private readonly pool: pg.Pool;

  constructor(@InjectDataSource() dataSource: DataSource) {
    this.pool = documentPool(dataSource);
  }

  /** The facets of a list, whatever its page; `phrase` is what its `q` means. */
  async of(query: ProductListQuery, phrase?: SearchPhrase): Promise<FacetsDto> {
    const [counted, bounds] = await Promise.all([
      this.pool.query<FacetRow>(facetsQuery(query, phrase)),
      this.pool.query<MoneyDto>(priceBoundsQuery(query, phrase)),
    ]);
    return facetsFrom(counted.rows, bounds.rows);
  }
}
