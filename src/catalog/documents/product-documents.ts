import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ProductStatus } from '../products/product.entity.js';
import type { ProductVersion } from './product-version.js';
import { RAISE_REVISIONS, RENDER_DOCUMENTS } from './render-documents.sql.js';

/** A product as it is answered. */
export interface ProductDocument extends ProductVersion {
  readonly status: ProductStatus;
  /** The JSON text of the answer. */
  readonly body: string;
}

/** Writes the documents that products are read from, in the transaction of whatever changes them. */
@Injectable()
export class ProductDocuments {
  /** Raises the revision of each product and writes its document anew. */
  async renew(manager: EntityManager, productIds: readonly string[]): Promise<void> {
    if (productIds.length > 0) {
      await manager.query(RAISE_REVISIONS, [productIds]);
      await manager.query(RENDER_DOCUMENTS, [productIds]);
    }
  }

  /** Renews one product and answers with its new document. */
  async renewOne(manager: EntityManager, productId: string): Promise<ProductDocument> {
    await this.renew(manager, [productId]);
    return this.get(manager, productId);
  }

  /** The document of a product that is there, as the transaction sees it. */
  async get(manager: EntityManager, productId: string): Promise<ProductDocument> {
    const [document] = await manager.query<ProductDocument[]>(
      'SELECT product_id AS id, status, revision, head || tail AS body FROM product_documents WHERE product_id = $1',
      [productId],
    );
    if (!document) {
      throw new Error(`product ${productId} has no document`);
    }
    return document;
  }
}
