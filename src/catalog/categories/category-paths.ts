import type { EntityManager } from 'typeorm';

const REBUILD = (roots: string) => `
  WITH RECURSIVE tree AS (
    SELECT c.id, coalesce(parent.lineage, '{}') || c.id AS lineage, coalesce(parent.path || '/', '') || c.name AS path
    FROM categories c LEFT JOIN categories parent ON parent.id = c.parent_id WHERE ${roots}
    UNION ALL
    SELECT c.id, tree.lineage || c.id, tree.path || '/' || c.name FROM categories c JOIN tree ON c.parent_id = tree.id
  )
  UPDATE categories c SET lineage = tree.lineage, path = tree.path FROM tree WHERE c.id = tree.id`;

/** Writes `lineage` and `path` of a category and its subtree anew, after it was renamed or moved. */
export async function rebuildSubtree(manager: EntityManager, id: string): Promise<void> {
  await manager.query(REBUILD('c.id = $1'), [id]);
}

/** Writes `lineage` and `path` of every category anew. */
export async function rebuildTree(manager: EntityManager): Promise<void> {
  await manager.query(REBUILD('c.parent_id IS NULL'));
}

/** The products in a category or below it. */
export async function productIdsBelow(manager: EntityManager, id: string): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT DISTINCT product_id AS id FROM product_categories
     WHERE category_id IN (SELECT id FROM categories WHERE lineage @> ARRAY[$1::uuid])`,
    [id],
  );
  return rows.map((row) => row.id);
}

/** How many levels a category and its subtree have; 1 for a leaf. */
export async function heightOf(manager: EntityManager, id: string): Promise<number> {
  const [row] = await manager.query<{ height: number | null }[]>(
    `SELECT max(cardinality(lineage)) - min(cardinality(lineage)) + 1 AS height FROM categories WHERE lineage @> ARRAY[$1::uuid]`,
    [id],
  );
  return row?.height ?? 1;
}
