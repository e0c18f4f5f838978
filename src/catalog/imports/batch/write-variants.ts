import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { keepImported } from '../../stock/stock-history.js';
import type { CreateVariantDto } from '../../variants/dto/create-variant.dto.js';
import type { PlannedProduct } from './planned-product.js';
import { insertRows } from './write-products.js';

const ROW = `row (id uuid, "productId" uuid, sku text, title text, "setsTitle" boolean, price bigint,
    "compareAtPrice" bigint, "setsCompareAtPrice" boolean, stock integer, options jsonb, position integer, line integer)`;

const INSERT = `
  INSERT INTO variants (id, product_id, sku, title, price, compare_at_price, stock, options, position, import_id, import_line)
  SELECT id, "productId", sku, title, price, "compareAtPrice", coalesce(stock, 0), coalesce(options, '{}'), position, $2, line
  FROM json_to_recordset($1) AS ${ROW} ORDER BY sku`;

// What a line leaves out stays as it is: above all the stock, which others may be changing.
const UPDATE = `
  UPDATE variants v SET title = CASE WHEN row."setsTitle" THEN row.title ELSE v.title END, price = row.price,
    compare_at_price = CASE WHEN row."setsCompareAtPrice" THEN row."compareAtPrice" ELSE v.compare_at_price END,
    stock = coalesce(row.stock, v.stock), options = coalesce(row.options, v.options), position = row.position,
    import_id = $2, import_line = row.line
  FROM json_to_recordset($1) AS ${ROW} WHERE v.sku = row.sku AND v.product_id = row."productId"`;

// The variants that a line does not name follow those that it does, in the order that they had.
const MOVE_BEHIND = `
  UPDATE variants v SET position = moved.position FROM (
    SELECT v.id, row.count + row_number() OVER (PARTITION BY v.product_id ORDER BY v.position, v.id) - 1 AS position
    FROM json_to_recordset($1) AS row ("productId" uuid, count integer, skus jsonb)
    JOIN variants v ON v.product_id = row."productId" AND NOT row.skus ? v.sku
  ) moved WHERE v.id = moved.id`;

/**
 * Inserts and changes the variants that the lines name, and notes import and line at each. Stocks that it changes go into
 * the history; those that new variants begin with do not, as everywhere.
 */
export async function writeVariants(
  manager: EntityManager,
  importId: string,
  products: readonly PlannedProduct[],
  now: Date,
): Promise<void> {
  const rows = products.flatMap(({ id, draft, knownSkus }) =>
    draft.product.variants.map((variant, position) => ({
      isKnown: knownSkus.has(variant.sku),
      row: { ...rowOf(variant), productId: id, position, line: draft.line },
    })),
  );
  const pick = (known: boolean) => rows.filter(({ isKnown }) => isKnown === known).map(({ row }) => row);
  const known = pick(true);
  const stocks = known.flatMap(({ id, productId, sku, stock }) =>
    typeof stock === 'number' ? [{ id, productId, sku, stock }] : [],
  );
  await insertRows(manager, INSERT, pick(false), importId);
  await keepImported(manager, stocks, importId, now);
  await insertRows(manager, UPDATE, known, importId);
  await insertRows(manager, MOVE_BEHIND, products.flatMap(stayingOf));
}

function rowOf({ sku, title, price, compareAtPrice, stock, options }: CreateVariantDto) {
  return {
    id: v7(),
    sku,
    title,
    setsTitle: title !== undefined,
    price: price.amount,
    compareAtPrice: compareAtPrice?.amount,
    setsCompareAtPrice: compareAtPrice !== undefined,
    stock,
    options: options === null ? {} : options,
  };
}

function stayingOf({ id, draft, knownSkus }: PlannedProduct): object[] {
  const skus = draft.product.variants.map(({ sku }) => sku);
  const named = new Set(skus);
  const someStay = [...knownSkus].some((sku) => !named.has(sku));
  return someStay && named.size > 0 ? [{ productId: id, count: skus.length, skus }] : [];
}
