import { TIME } from '../documents/render-documents.sql.js';
import { MAX_STOCK } from '../variants/dto/create-variant.dto.js';

// Where something stands in the tail of a document. Quotes within texts are escaped, and jsonb puts a blank behind each
// colon, so that no title, SKU or option can be taken for a member.
const BEFORE_VARIANT = `position('{"id":"' || sold.id || '","sku":' in document.tail)`;
const STOCK = ',"stock":';
const UPDATED_AT = ',"updatedAt":"';

/**
 * Changes the stock of variant $1 by $2, unless that would leave less than none or more than there can be, and shows
 * it in the document of its product; the change is kept under the id $3 with reason $4, user $5 and time $6. Answers
 * with the stock and the version of the product, or with no row.
 *
 * One statement, so that locks are held for no round trip. It locks product and document first, as every writer does,
 * and takes what it changes from the rows as it has locked them; of the document it writes the tail alone.
 */
export const ADJUST_STOCK = `
  WITH document AS MATERIALIZED (
    SELECT d.product_id, p.revision + 1 AS revision, d.tail
    FROM variants v JOIN products p ON p.id = v.product_id JOIN product_documents d ON d.product_id = p.id
    WHERE v.id = $1 FOR NO KEY UPDATE OF p, d
  ), sold AS (
    UPDATE variants v SET stock = v.stock + $2 FROM document
    WHERE v.id = $1 AND v.product_id = document.product_id AND v.stock + $2 BETWEEN 0 AND ${MAX_STOCK}
    RETURNING v.id, v.product_id, v.stock
  ), kept AS (
    INSERT INTO stock_adjustments (variant_id, id, delta, stock_after, reason, user_id, created_at)
    SELECT id, $3, $2, stock, $4, $5, $6 FROM sold
  ), counted AS (
    UPDATE products p SET revision = document.revision, updated_at = $6 FROM document, sold
    WHERE p.id = sold.product_id RETURNING p.updated_at
  ), cut AS (
    SELECT sold.product_id, document.revision, before || '${STOCK}' || sold.stock || ltrim(after, '0123456789') AS tail
    FROM sold, document,
      LATERAL (SELECT ${BEFORE_VARIANT} AS variant_at) variant,
      LATERAL (SELECT variant_at + position('${STOCK}' in substr(document.tail, variant_at)) - 1 AS at) found,
      LATERAL (SELECT left(document.tail, at - 1) AS before,
        substr(document.tail, at + ${STOCK.length}) AS after) parts
  ), shown AS (
    UPDATE product_documents d SET revision = cut.revision, in_stock = is_there.in_stock,
      tail = '"inStock":' || is_there.in_stock || overlay(rest.tail
        PLACING ${TIME('counted.updated_at')} FROM position('${UPDATED_AT}' in rest.tail) + ${UPDATED_AT.length} FOR 24)
    FROM counted, cut, LATERAL (SELECT cut.tail ~ '${STOCK}[1-9]' AS in_stock) is_there,
      LATERAL (SELECT substr(cut.tail, position(',"variants":[' in cut.tail)) AS tail) rest
    WHERE d.product_id = cut.product_id
  )
  SELECT sold.stock, sold.product_id AS id, document.revision FROM sold, document`;
