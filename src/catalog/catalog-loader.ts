import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { Clock } from '../time/clock.js';
import { lockCategoryTree } from './catalog-lock.js';
import { rebuildTree } from './categories/category-paths.js';
import { ProductDocuments } from './documents/product-documents.js';
import { insertCategories, insertProducts } from './loading/insert-catalog.js';
import type { LoadedCatalog } from './loading/loaded-catalog.js';

/** Loads a whole catalog in a few statements, however large it is. */
@Injectable()
export class CatalogLoader {
  constructor(
    private readonly documents: ProductDocuments,
    private readonly clock: Clock,
  ) {}

  /** Loads it unless there are products or categories already; answers with the number of products loaded. */
  async loadIfEmpty(manager: EntityManager, { categories, products }: LoadedCatalog): Promise<number> {
    await lockCategoryTree(manager);
    if (!(await isEmpty(manager))) {
      return 0;
    }
    const idsOfCategories = new Map(categories.map(({ slug }) => [slug, v7()]));
    const idsOfProducts = new Map(products.map(({ slug }) => [slug, v7()]));
    await insertCategories(manager, categories, idsOfCategories, this.clock.date());
    await rebuildTree(manager);
    await insertProducts(manager, products, idsOfProducts, idsOfCategories);
    // Nobody else can gather statistics of what this transaction wrote, and without them each document takes longer, the more the more there are.
    await manager.query('ANALYZE categories, products, product_categories, variants');
    await this.documents.renew(manager, [...idsOfProducts.values()]);
    return products.length;
  }
}

async function isEmpty(manager: EntityManager): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    'SELECT 1 WHERE EXISTS (SELECT 1 FROM products) OR EXISTS (SELECT 1 FROM categories)',
  );
  return rows.length === 0;
}
