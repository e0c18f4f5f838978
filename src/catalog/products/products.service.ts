import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { brokenConstraintOf } from '../../http/database-problem.js';
import { Clock } from '../../time/clock.js';
import { holdCategoryTree } from '../catalog-lock.js';
import { type ProductDocument, ProductDocuments } from '../documents/product-documents.js';
import { requireMatch } from '../entity-tag.js';
import { refuseFaults, takenValue } from '../input/faults.js';
import { type JsonObject, mergePatch } from '../merge-patch.js';
import { insertVariants, newVariant } from '../variants/insert-variants.js';
import { variantListFaults } from '../variants/variant-faults.js';
import { type Attributes, attributeFaults } from './attributes.js';
import type { CreateProductDto } from './dto/create-product.dto.js';
import type { UpdateProductDto } from './dto/update-product.dto.js';
import { insertUnderFreeSlug, insertUnderSlug } from './insert-product.js';
import { lockProduct } from './lock-product.js';
import { assignCategories, resolveCategories } from './product-categories.js';
import { Product } from './product.entity.js';

type ProductChanges = Partial<Omit<Product, 'id' | 'revision'>>;

/** Creates, changes and archives products; each call is one transaction, and answers with the new document. */
@Injectable()
export class ProductsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly documents: ProductDocuments,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem `validation-failed`, or `conflict` for a slug or SKU that is taken */
  async create(draft: CreateProductDto): Promise<ProductDocument> {
    const { variants = [], categories } = draft;
    refuseFaults([...attributeFaults(draft.attributes ?? {}), ...variantListFaults(variants)]);
    return this.dataSource.transaction(async (manager) => {
      await holdCategoryTree(manager);
      const categoryIds = await resolveCategories(manager, categories ?? []);
      const product = newProduct(draft, this.clock.date());
      await (draft.slug === undefined
        ? insertUnderFreeSlug(manager, product)
        : insertUnderSlug(manager, product));
      await assignCategories(manager, product.id, categoryIds);
      const rows = variants.map((variant, position) => newVariant(product.id, variant, position));
      await insertVariants(manager, rows, '/variants');
      return this.documents.renewOne(manager, product.id);
    });
  }

  /**
   * Applies a merge patch (RFC 7396).
   * @throws Problem `not-found`, `precondition-required`, `precondition-failed`, `validation-failed`,
   * or `conflict` for a slug that is taken
   */
  async change(id: string, patch: UpdateProductDto, ifMatch: string | undefined): Promise<ProductDocument> {
    return this.dataSource.transaction(async (manager) => {
      const product = await lockProduct(manager, id);
      requireMatch(ifMatch, product);
      if (Object.keys(patch).length === 0) {
        return this.documents.get(manager, id);
      }
      await update(manager, id, changesOf(product, patch, this.clock.date()));
      if (patch.categories !== undefined) {
        await assignCategories(manager, id, await resolveCategories(manager, patch.categories ?? []));
      }
      return this.documents.renewOne(manager, id);
    });
  }

  /** Takes a product out of the shop, and keeps it. @throws Problem `not-found`, `precondition-required`, `precondition-failed` */
  async archive(id: string, ifMatch: string | undefined): Promise<void> {
    await this.change(id, { status: 'archived' }, ifMatch);
  }
}

function newProduct(draft: CreateProductDto, now: Date): Product {
  const status = draft.status ?? 'draft';
  return {
    id: v7(),
    slug: draft.slug ?? '',
    title: draft.title,
    description: draft.description ?? '',
    brand: draft.brand ?? null,
    status,
    // `attributeFaults` has seen their values.
    attributes: (draft.attributes ?? {}) as Attributes,
    currency: draft.variants?.[0]?.price.currency ?? null,
    revision: 0,
    createdAt: now,
    updatedAt: now,
    publishedAt: status === 'published' ? now : null,
  };
}

// What is `undefined` stays as it is.
function changesOf(product: Product, patch: UpdateProductDto, now: Date): ProductChanges {
  const { title, slug, status, description, brand, attributes } = patch;
  return {
    title,
    slug,
    status,
    description: description === null ? '' : description,
    brand,
    attributes: attributes === undefined ? undefined : mergedAttributes(product.attributes, attributes),
    publishedAt: status === 'published' && product.publishedAt === null ? now : undefined,
    updatedAt: now,
  };
}

function mergedAttributes(current: Attributes, patch: JsonObject | null): Attributes {
  const merged = patch === null ? {} : mergePatch(current, patch);
  refuseFaults(attributeFaults(merged));
  // Their values have just been seen.
  return merged as Attributes;
}

async function update(manager: EntityManager, id: string, changes: ProductChanges): Promise<void> {
  try {
    await manager.update(Product, { id }, changes);
  } catch (error) {
    throw brokenConstraintOf(error) === 'products_slug_key' && changes.slug !== undefined
      ? takenValue('/slug', 'slug', [changes.slug])
      : error;
  }
}
