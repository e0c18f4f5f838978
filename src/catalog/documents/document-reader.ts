import { preparedStatement } from '../../database/prepared-statement.js';
import type { RowSource } from '../../database/row-source.js';
import { isUuid } from '../../http/uuid-param.pipe.js';
import type { ProductStatus } from '../products/product.entity.js';
import { isSlug } from '../slug.js';
import type { ProductDocument } from './product-documents.js';
import { readVersion, VERSION_COLUMN } from './product-version.js';

const DOCUMENT = `SELECT ${VERSION_COLUMN}, status, head || tail FROM product_documents`;
const byId = preparedStatement('product-by-id', `${DOCUMENT} WHERE product_id = $1`);
const bySlug = preparedStatement('product-by-slug', `${DOCUMENT} WHERE slug = $1`);

/** Reads product documents: no join, no entity, no parsing of what is answered as it is. */
export class DocumentReader {
  constructor(private readonly source: RowSource) {}

  /** The document of a product, whatever its status, or `null`. */
  async find(idOrSlug: string): Promise<ProductDocument | null> {
    const isId = isUuid(idOrSlug);
    if (!isId && !isSlug(idOrSlug)) {
      return null;
    }
    const { rows } = await this.source.query<[version: string, ProductStatus, body: string]>(
      isId ? byId(idOrSlug) : bySlug(idOrSlug),
    );
    const [row] = rows;
    return row ? { ...readVersion(row[0]), status: row[1], body: row[2] } : null;
  }

  /** As above, without the body. */
  async findRevision(idOrSlug: string): Promise<Omit<ProductDocument, 'body'> | null> {
    const isId = isUuid(idOrSlug);
    if (!isId && !isSlug(idOrSlug)) {
      return null;
    }
    const { rows } = await this.source.query<Omit<ProductDocument, 'body'>>({
      name: isId ? 'revision-by-id' : 'revision-by-slug',
      text: `SELECT product_id AS id, status, revision FROM product_documents WHERE ${isId ? 'product_id' : 'slug'} = $1`,
      values: [idOrSlug],
    });
    return rows[0] ?? null;
  }
}
