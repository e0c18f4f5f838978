import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { brokenConstraintOf } from '../../http/database-problem.js';
import { invalidField, Problem } from '../../http/problem.js';
import { transactionSource } from '../../database/row-source.js';
import { Clock } from '../../time/clock.js';
import { lockCategoryTree } from '../catalog-lock.js';
import { ProductDocuments } from '../documents/product-documents.js';
import { refuseOtherRevision } from '../entity-tag.js';
import { freeSlug } from '../free-slug.js';
import { takenValue } from '../input/faults.js';
import { slugFrom } from '../slug.js';
import { heightOf, productIdsBelow, rebuildSubtree } from './category-paths.js';
import { type CategoryReading, CategoryTree, noSuchCategory } from './category-tree.js';
import { Category } from './category.entity.js';
import type { CreateCategoryDto } from './dto/create-category.dto.js';
import type { UpdateCategoryDto } from './dto/update-category.dto.js';

/** The most levels of the tree. */
export const MAX_DEPTH = 10;

/** Changes the category tree, one change at a time, and the documents of the products that show it. */
@Injectable()
export class CategoriesService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly documents: ProductDocuments,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem `validation-failed`, or `conflict` for a name or slug that is taken */
  async create(draft: CreateCategoryDto): Promise<CategoryReading> {
    return this.dataSource.transaction(async (manager) => {
      await lockCategoryTree(manager);
      const parent = await findParent(manager, draft.parentId ?? null);
      refuseDepth((parent?.lineage.length ?? 0) + 1);
      const id = v7();
      const now = this.clock.date();
      const category: Category = {
        id,
        parentId: parent?.id ?? null,
        name: draft.name,
        slug:
          draft.slug ??
          (await freeSlug(manager, 'categories', slugFrom(draft.name) || `category-${id.slice(-12)}`)),
        description: draft.description ?? '',
        position: draft.position ?? 0,
        lineage: [...(parent?.lineage ?? []), id],
        path: parent ? `${parent.path}/${draft.name}` : draft.name,
        revision: 1,
        createdAt: now,
        updatedAt: now,
      };
      await write(category, () => manager.insert(Category, category));
      return new CategoryTree(transactionSource(manager)).get(id);
    });
  }

  /**
   * Applies a merge patch (RFC 7396); `parentId` moves the category with its subtree.
   * @throws Problem `not-found`, `precondition-failed`, `validation-failed`, or `conflict` for a cycle, name or slug
   */
  async change(id: string, patch: UpdateCategoryDto, ifMatch: string | undefined): Promise<CategoryReading> {
    return this.dataSource.transaction(async (manager) => {
      const current = await lockCategory(manager, id, ifMatch);
      if (Object.keys(patch).length > 0) {
        await this.apply(manager, current, patch);
      }
      return new CategoryTree(transactionSource(manager)).get(id);
    });
  }

  /**
   * Removes a category; its products stay, without it.
   * @throws Problem `not-found`, `precondition-failed`, or `conflict` while it has children
   */
  async remove(id: string, ifMatch: string | undefined): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await lockCategory(manager, id, ifMatch);
      if (await manager.existsBy(Category, { parentId: id })) {
        throw new Problem('conflict', 'This category has children: move or delete them first.');
      }
      const productIds = await productIdsBelow(manager, id);
      await manager.delete(Category, { id });
      await this.documents.renew(manager, productIds);
    });
  }

  private async apply(manager: EntityManager, current: Category, patch: UpdateCategoryDto): Promise<void> {
    const changed: Category = {
      ...current,
      name: patch.name ?? current.name,
      slug: patch.slug ?? current.slug,
      description: patch.description === undefined ? current.description : (patch.description ?? ''),
      position: patch.position ?? current.position,
      parentId: patch.parentId === undefined ? current.parentId : (patch.parentId?.toLowerCase() ?? null),
      revision: current.revision + 1,
      updatedAt: this.clock.date(),
    };
    if (changed.parentId !== current.parentId) {
      await refuseMove(manager, changed);
    }
    await write(changed, () => manager.update(Category, { id: current.id }, changed));
    const isElsewhere = changed.name !== current.name || changed.parentId !== current.parentId;
    if (isElsewhere) {
      await rebuildSubtree(manager, current.id);
    }
    if (isElsewhere || changed.slug !== current.slug) {
      await this.documents.renew(manager, await productIdsBelow(manager, current.id));
    }
  }
}

async function lockCategory(
  manager: EntityManager,
  id: string,
  ifMatch: string | undefined,
): Promise<Category> {
  await lockCategoryTree(manager);
  const category = await manager.findOneBy(Category, { id });
  if (!category) {
    throw noSuchCategory();
  }
  refuseOtherRevision(ifMatch, category.revision);
  return category;
}

async function findParent(manager: EntityManager, id: string | null): Promise<Category | null> {
  const parent = id === null ? null : await manager.findOneBy(Category, { id });
  if (id !== null && parent === null) {
    throw invalidField('/parentId', 'is the id of no category');
  }
  return parent;
}

async function refuseMove(manager: EntityManager, { id, parentId }: Category): Promise<void> {
  const parent = await findParent(manager, parentId);
  if (parent?.lineage.includes(id)) {
    throw new Problem('conflict', 'A category cannot be moved into itself or below itself.', {
      errors: [{ pointer: '/parentId', detail: 'is the category itself or one below it' }],
    });
  }
  refuseDepth((parent?.lineage.length ?? 0) + (await heightOf(manager, id)));
}

function refuseDepth(depth: number): void {
  if (depth > MAX_DEPTH) {
    throw invalidField('/parentId', `is too deep: the tree has at most ${MAX_DEPTH} levels`);
  }
}

async function write({ name, slug }: Category, statement: () => Promise<unknown>): Promise<void> {
  try {
    await statement();
  } catch (error) {
    const constraint = brokenConstraintOf(error);
    if (constraint === 'categories_slug_key') {
      throw takenValue('/slug', 'slug', [slug]);
    }
    if (constraint === 'categories_parent_id_name_key') {
      throw takenValue('/name', 'name', [name]);
    }
    throw error;
  }
}
