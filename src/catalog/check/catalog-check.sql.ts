import { RENDERED } from '../documents/render-documents.sql.js';

/** The next $2 ids behind $1 (uuid or null) that a product or a document has. */
export const NEXT_IDS = `
  (SELECT id FROM products WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2)
  UNION
  (SELECT product_id FROM product_documents WHERE $1::uuid IS NULL OR product_id > $1 ORDER BY product_id LIMIT $2)
  ORDER BY id LIMIT $2`;

/**
 * Of the products $1 (uuid[]) those whose document is not as it has to be: both as JSON, `null` for what is not there.
 * Every rendered column is compared, whatever columns there are.
 */
export const DIFFERING_DOCUMENTS = `
  SELECT given.id, to_jsonb(expected) AS expected, to_jsonb(found) AS found
  FROM unnest($1::uuid[]) AS given (id)
  LEFT JOIN (${RENDERED}) expected ON expected.product_id = given.id
  LEFT JOIN product_documents found ON found.product_id = given.id
  WHERE num_nulls(expected.product_id, found.product_id) = 1 OR EXISTS (
    SELECT FROM jsonb_each(to_jsonb(expected)) AS member
    WHERE member.value IS DISTINCT FROM to_jsonb(found) -> member.key)
  ORDER BY given.id`;

/** Categories whose counter of published products is wrong. */
export const DIFFERING_COUNTS = `
  SELECT coalesce(counted.category_slug, truth.slug) AS slug,
    coalesce(counted.products, 0) AS found, coalesce(truth.products, 0) AS expected
  FROM category_product_counts counted
  FULL JOIN (
    SELECT category AS slug, count(*)::integer AS products FROM product_documents, unnest(category_slugs) AS category
    WHERE status = 'published' GROUP BY category
  ) truth ON truth.slug = counted.category_slug
  WHERE coalesce(counted.products, 0) <> coalesce(truth.products, 0)
  ORDER BY slug`;

/** Categories whose path or lineage does not follow from that of their parent. */
export const DIFFERING_PATHS = `
  SELECT c.slug, c.path AS found, coalesce(parent.path || '/', '') || c.name AS expected
  FROM categories c LEFT JOIN categories parent ON parent.id = c.parent_id
  WHERE c.path <> coalesce(parent.path || '/', '') || c.name OR c.lineage <> coalesce(parent.lineage, '{}') || c.id
  ORDER BY c.slug`;

/** Slugs that are kept as old ones although something has them now. */
export const LIVING_OLD_SLUGS = `
  SELECT slug FROM old_product_slugs JOIN products USING (slug)
  UNION ALL SELECT slug FROM old_category_slugs JOIN categories USING (slug) ORDER BY slug`;
