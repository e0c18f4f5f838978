import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import pLimit, { type LimitFunction } from 'p-limit';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { Settings } from '../../config/settings.js';
import { connectionPool } from '../../database/connection-pool.js';
import type { PageQueryDto } from '../../http/page-query.dto.js';
import { Problem } from '../../http/problem.js';
import { unavailable } from '../../http/unavailable.js';
import { Clock } from '../../time/clock.js';
import type { ProductVersion } from '../documents/product-version.js';
import { MAX_STOCK } from '../variants/dto/create-variant.dto.js';
import { Variant } from '../variants/variant.entity.js';
import { ADJUST_STOCK } from './adjust-stock.sql.js';
import type { AdjustStockDto } from './dto/adjust-stock.dto.js';
import type { StockAdjustmentPageDto } from './dto/stock.dto.js';
import { pageOfHistory } from './stock-history.js';

/** How long a sale waits for its turn, in milliseconds: as long as any statement waits for a connection. */
const MAX_WAIT = 10_000;

/** A stock after a change, with the version that the product has now. */
export interface AdjustedStock extends ProductVersion {
  readonly stock: number;
}

/** Counts pieces in and out, never below zero however many do so at once, and keeps every change. */
@Injectable()
export class StockService {
  private readonly pool: pg.Pool;
  /** Those who wait for a product that somebody else is changing leave half of the connections to everybody else. */
  private readonly turns: LimitFunction;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly clock: Clock,
    settings: Settings,
  ) {
    this.pool = connectionPool(dataSource);
    this.turns = pLimit(Math.ceil(settings.DATABASE_POOL_SIZE / 2));
  }

  /**
   * @throws Problem `not-found`, `conflict` where it would leave less than none or more than there can be, or `unavailable`
   * where it has waited too long: then nothing was changed
   */
  async adjust(variantId: string, { delta, reason }: AdjustStockDto, userId: string): Promise<AdjustedStock> {
    const { rows } = await this.inTurn(() =>
      this.pool.query<AdjustedStock>({
        name: 'adjust-stock',
        text: ADJUST_STOCK,
        values: [variantId, delta, v7(), reason, userId, this.clock.date()],
      }),
    );
    const [adjusted] = rows;
    if (!adjusted) {
      throw outOfBounds(delta, await this.stockOf(variantId));
    }
    return adjusted;
  }

  /** A page of the changes, newest first. @throws Problem `not-found`, or `bad-request` for a foreign cursor */
  async history(variantId: string, query: PageQueryDto): Promise<StockAdjustmentPageDto> {
    await this.stockOf(variantId);
    return pageOfHistory(this.dataSource.manager, variantId, query);
  }

  // Whoever has been told that it takes too long must not have sold all the same.
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        reject(unavailable('Too many others are changing stocks right now; try again in a moment.'));
      }, MAX_WAIT);
      this.turns(async () => {
        clearTimeout(timer);
        if (!isLate) {
          resolve(await work());
        }
      }).catch(reject);
    });
  }

  private async stockOf(id: string): Promise<number> {
    const variant = await this.dataSource.manager.findOne(Variant, {
      where: { id },
      select: { id: true, stock: true },
    });
    if (!variant) {
      throw new Problem('not-found', 'There is no such variant.');
    }
    return variant.stock;
  }
}

function outOfBounds(delta: number, stock: number): Problem {
  const detail = delta < 0 ? 'would leave less than none' : `would leave more than ${MAX_STOCK}`;
  return new Problem('conflict', `The stock is ${stock}.`, { errors: [{ pointer: '/delta', detail }] });
}
