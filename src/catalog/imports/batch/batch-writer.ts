import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { databaseProblem, tookTooLong } from '../../../http/database-problem.js';
import { Clock } from '../../../time/clock.js';
import { holdCategoryTree } from '../../catalog-lock.js';
import { ProductDocuments } from '../../documents/product-documents.js';
import type { LineFault } from '../../formats/staged-line.js';
import type { Draft } from '../read-draft.js';
import { makeCategories } from './make-categories.js';
import { planProducts } from './plan-products.js';
import { assignCategories, insertProducts, updateProducts } from './write-products.js';
import { writeVariants } from './write-variants.js';

/** What became of a batch. */
export interface BatchResult {
  readonly created: number;
  readonly updated: number;
  readonly faults: readonly LineFault[];
}

/** What is said of a line that the database does not take; why stands in the log. */
export const UNSTORABLE = 'It cannot be stored as it is.';

/** Writes the products of a batch set-based: a dozen statements, however many they are, and one rendering. */
@Injectable()
export class BatchWriter {
  private readonly logger = new Logger(BatchWriter.name);

  constructor(
    private readonly documents: ProductDocuments,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes drafts, and the categories that they need, in the transaction of the manager. Where the database refuses
   * something that planning did not see, such as an SKU that somebody else has just taken, or takes too long, the batch is
   * halved until the line is found.
   * @throws the error of a database that is away or busy; the transaction is then to be repeated
   */
  async write(manager: EntityManager, importId: string, drafts: readonly Draft[]): Promise<BatchResult> {
    try {
      return await manager.transaction((inner) => this.writeAll(inner, importId, drafts));
    } catch (error) {
      const canBeHalved = drafts.length > 1 && tookTooLong(error);
      if (databaseProblem(error)?.code === 'unavailable' && !canBeHalved) {
        throw error;
      }
      const [only] = drafts;
      if (only && drafts.length === 1) {
        this.logger.warn({ err: error, importId, line: only.line }, 'A line of an import cannot be stored');
        return {
          created: 0,
          updated: 0,
          faults: [{ line: only.line, reason: UNSTORABLE }],
        };
      }
      const middle = Math.ceil(drafts.length / 2);
      const one = await this.write(manager, importId, drafts.slice(0, middle));
      return sum(one, await this.write(manager, importId, drafts.slice(middle)));
    }
  }

  private async writeAll(
    manager: EntityManager,
    importId: string,
    drafts: readonly Draft[],
  ): Promise<BatchResult> {
    const now = this.clock.date();
    await holdCategoryTree(manager);
    let result: BatchResult = { created: 0, updated: 0, faults: [] };
    const touched = new Set<string>();
    for (let left = drafts; left.length > 0;) {
      const plan = await planProducts(manager, importId, left);
      const products = [...plan.created, ...plan.updated];
      const paths = products.flatMap(({ draft }) => draft.product.categories ?? []);
      const categories = await makeCategories(manager, paths, now);
      await insertProducts(manager, plan.created, now);
      await updateProducts(manager, plan.updated, now);
      await assignCategories(manager, products, categories);
      await writeVariants(manager, importId, products, now);
      products.forEach(({ id }) => touched.add(id));
      result = sum(result, {
        created: plan.created.length,
        updated: plan.updated.length,
        faults: plan.faults,
      });
      left = plan.left;
    }
    await this.documents.renew(manager, [...touched]);
    return result;
  }
}

function sum(one: BatchResult, other: BatchResult): BatchResult {
  return {
    created: one.created + other.created,
    updated: one.updated + other.updated,
    faults: [...one.faults, ...other.faults],
  };
}
