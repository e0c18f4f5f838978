import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { cutPage, decodeCursor } from '../../http/cursor.js';
import type { StockAdjustmentDto, StockAdjustmentPageDto } from './dto/stock.dto.js';

/** A stock that was set in a transaction which has locked the product. */
export interface StockSetting {
  readonly variantId: string;
  readonly before: number;
  readonly after: number;
  readonly userId: string;
  readonly at: Date;
}

/** A stock that an import sets; its product is locked. `id` becomes that of the change. */
export interface ImportedStock {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly stock: number;
}

interface Row extends Omit<StockAdjustmentDto, 'createdAt'> {
  readonly number: string;
  readonly createdAt: Date;
}

const KEEP = `
  INSERT INTO stock_adjustments (variant_id, id, delta, stock_after, reason, user_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;

// Who sent the import stands in its row.
const KEEP_IMPORTED = `
  INSERT INTO stock_adjustments (variant_id, id, delta, stock_after, reason, user_id, import_id, created_at)
  SELECT v.id, row.id, row.stock - v.stock, row.stock, 'Set to ' || row.stock || ' by import ' || i.id, i.user_id, i.id, $3
  FROM json_to_recordset($1) AS row (id uuid, "productId" uuid, sku text, stock integer)
  JOIN variants v ON v.sku = row.sku AND v.product_id = row."productId" AND v.stock <> row.stock
  JOIN imports i ON i.id = $2`;

// bigint comes as text, and goes back as it came.
const PAGE = `
  SELECT number, id, delta, stock_after AS "stockAfter", reason, user_id AS "userId", import_id AS "importId",
    created_at AS "createdAt"
  FROM stock_adjustments WHERE variant_id = $1 AND number < coalesce($2, 9223372036854775807)
  ORDER BY number DESC LIMIT $3`;

/** Keeps in the history that a stock was set to a number; nothing where it is the same as before. */
export async function keepSetting(
  manager: EntityManager,
  { variantId, before, after, userId, at }: StockSetting,
): Promise<void> {
  if (after !== before) {
    await manager.query(KEEP, [variantId, v7(), after - before, after, `Set to ${after}`, userId, at]);
  }
}

/** Keeps in the history what an import is about to set, before it does; nothing of stocks that stay the same. */
export async function keepImported(
  manager: EntityManager,
  stocks: readonly ImportedStock[],
  importId: string,
  at: Date,
): Promise<void> {
  if (stocks.length > 0) {
    await manager.query(KEEP_IMPORTED, [JSON.stringify(stocks), importId, at]);
  }
}

/** A page of the changes of a variant's stock, newest first. @throws Problem `bad-request` for a foreign cursor */
export async function pageOfHistory(
  manager: EntityManager,
  variantId: string,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<StockAdjustmentPageDto> {
  const list = `stock ${variantId}`;
  const [before] = cursor === undefined ? [] : decodeCursor(list, cursor, ['number']);
  const rows = await manager.query<Row[]>(PAGE, [variantId, before, limit + 1]);
  const { items, nextCursor } = cutPage(rows, limit, list, ({ number }) => [Number(number)]);
  return { items: items.map(toDto), nextCursor };
}

function toDto({ id, delta, stockAfter, reason, userId, importId, createdAt }: Row): StockAdjustmentDto {
  return { id, delta, stockAfter, reason, userId, importId, createdAt: createdAt.toISOString() };
}
