import type { EntityManager } from 'typeorm';
import { Problem } from '../../http/problem.js';
import { holdCategoryTree } from '../catalog-lock.js';
import { Product } from './product.entity.js';

/**
 * Reads a product that the transaction is about to change; others wait until it ends.
 * @throws Problem `not-found`
 */
export async function lockProduct(manager: EntityManager, id: string): Promise<Product> {
  await holdCategoryTree(manager);
  const product = await manager.findOne(Product, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!product) {
    throw new Problem('not-found', 'There is no such product.');
  }
  return product;
}
