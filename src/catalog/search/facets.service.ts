import type { RowSource } from '../../database/row-source.js';
import type { ProductListQuery } from '../documents/product-list-query.js';
import type { MoneyDto } from '../money.dto.js';
import type { FacetsDto } from './dto/facets.dto.js';
import { facetsQuery, priceBoundsQuery } from './facets.sql.js';
import { type FacetRow, facetsFrom } from './facets.js';
import type { SearchPhrase } from './search-phrase.js';

/** Counts what a list can be narrowed by. */
export class Facets {
  constructor(private readonly source: RowSource) {}

  /** The facets of a list, whatever its page; `phrase` is what its `q` means. */
  async of(query: ProductListQuery, phrase?: SearchPhrase): Promise<FacetsDto> {
    const [counted, bounds] = await Promise.all([
      this.source.query<FacetRow>(facetsQuery(query, phrase)),
      this.source.query<MoneyDto>(priceBoundsQuery(query, phrase)),
    ]);
    return facetsFrom(counted.rows, bounds.rows);
  }
}
