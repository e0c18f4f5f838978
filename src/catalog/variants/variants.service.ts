import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { brokenConstraintOf } from '../../http/database-problem.js';
import { Problem } from '../../http/problem.js';
import { Clock } from '../../time/clock.js';
import { ProductDocuments } from '../documents/product-documents.js';
import type { ProductVersion } from '../documents/product-version.js';
import { refuseMismatch } from '../entity-tag.js';
import { refuseFaults, takenValue } from '../input/faults.js';
import { lockProduct } from '../products/lock-product.js';
import { Product } from '../products/product.entity.js';
import { keepSetting } from '../stock/stock-history.js';
import type { CreateVariantDto } from './dto/create-variant.dto.js';
import type { UpdateVariantDto } from './dto/update-variant.dto.js';
import { VariantDto } from './dto/variant.dto.js';
import { insertVariants, newVariant } from './insert-variants.js';
import { patchedVariant } from './patched-variant.js';
import { currencyFaults, variantFaults } from './variant-faults.js';
import { Variant } from './variant.entity.js';

/** The most variants of a product. */
export const MAX_VARIANTS = 100;

/** A variant after a change, with the version that its product has now. */
export interface ChangedVariant {
  readonly variant: VariantDto;
  readonly product: ProductVersion;
}

/** Adds, changes and removes variants. Each call locks the product, and checks `If-Match` where it is given. */
@Injectable()
export class VariantsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly documents: ProductDocuments,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem `not-found`, `precondition-failed`, `validation-failed`, or `conflict` for a SKU that is taken or one variant too many */
  async add(
    productId: string,
    draft: CreateVariantDto,
    ifMatch: string | undefined,
  ): Promise<ChangedVariant> {
    refuseFaults(variantFaults(draft));
    return this.dataSource.transaction(async (manager) => {
      const product = await lockProduct(manager, productId);
      refuseMismatch(ifMatch, product);
      const siblings = await manager.findBy(Variant, { productId });
      if (siblings.length >= MAX_VARIANTS) {
        throw new Problem('conflict', `A product has at most ${MAX_VARIANTS} variants.`);
      }
      refuseFaults(currencyFaults(draft.price, siblings.length > 0 ? product.currency : null));
      const position = Math.max(-1, ...siblings.map((sibling) => sibling.position)) + 1;
      const variant = newVariant(productId, draft, position);
      await insertVariants(manager, [variant], '/sku');
      return this.finish(manager, variant, draft.price.currency);
    });
  }

  /** Applies a merge patch (RFC 7396); a stock that it sets goes into the history, with the user. @throws Problem as `add` */
  async change(
    productId: string,
    id: string,
    patch: UpdateVariantDto,
    ifMatch: string | undefined,
    userId: string,
  ): Promise<ChangedVariant> {
    return this.dataSource.transaction(async (manager) => {
      const product = await lockProduct(manager, productId);
      const siblings = await manager.findBy(Variant, { productId });
      const current = siblings.find((sibling) => sibling.id === id);
      if (!current || product.currency === null) {
        throw noSuchVariant();
      }
      refuseMismatch(ifMatch, product);
      if (Object.keys(patch).length === 0) {
        return { variant: VariantDto.from(current, product.currency), product };
      }
      const { variant, currency } = patchedVariant(current, product.currency, patch, siblings.length > 1);
      await update(manager, variant);
      await keepSetting(manager, {
        variantId: id,
        before: current.stock,
        after: variant.stock,
        userId,
        at: this.clock.date(),
      });
      return this.finish(manager, variant, currency);
    });
  }

  /** Answers with the version that the product has now. @throws Problem `not-found`, `precondition-failed` */
  async remove(productId: string, id: string, ifMatch: string | undefined): Promise<ProductVersion> {
    return this.dataSource.transaction(async (manager) => {
      const product = await lockProduct(manager, productId);
      const isThere = await manager.existsBy(Variant, { id, productId });
      if (!isThere) {
        throw noSuchVariant();
      }
      refuseMismatch(ifMatch, product);
      await manager.delete(Variant, { id });
      const isLast = !(await manager.existsBy(Variant, { productId }));
      return this.touch(manager, productId, isLast ? null : product.currency);
    });
  }

  private async finish(manager: EntityManager, variant: Variant, currency: string): Promise<ChangedVariant> {
    const product = await this.touch(manager, variant.productId, currency);
    return { variant: VariantDto.from(variant, currency), product };
  }

  private async touch(
    manager: EntityManager,
    productId: string,
    currency: string | null,
  ): Promise<ProductVersion> {
    await manager.update(Product, { id: productId }, { currency, updatedAt: this.clock.date() });
    return this.documents.renewOne(manager, productId);
  }
}

async function update(
  manager: EntityManager,
  { id, sku, title, price, compareAtPrice, stock, options }: Variant,
): Promise<void> {
  try {
    await manager.update(Variant, { id }, { sku, title, price, compareAtPrice, stock, options });
  } catch (error) {
    throw brokenConstraintOf(error) === 'variants_sku_key' ? takenValue('/sku', 'SKU', [sku]) : error;
  }
}

function noSuchVariant(): Problem {
  return new Problem('not-found', 'This product has no such variant.');
}
