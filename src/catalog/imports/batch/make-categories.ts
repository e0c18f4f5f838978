import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { freeSlug } from '../../free-slug.js';
import { slugFrom } from '../../slug.js';
import { withParents } from '../category-path.js';

/**
 * The ids of categories by their full paths; those that are missing are made, and those above them. For who holds the
 * category tree: then nobody else makes or moves categories, since imports are written one at a time.
 */
export async function makeCategories(
  manager: EntityManager,
  paths: Iterable<string>,
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  const wanted = withParents(paths);
  if (wanted.length === 0) {
    return new Map();
  }
  const rows = await manager.query<{ id: string; path: string }[]>(
    'SELECT id, path FROM categories WHERE path = ANY ($1)',
    [wanted],
  );
  const ids = new Map(rows.map(({ id, path }) => [path, id]));
  for (const path of wanted.filter((one) => !ids.has(one))) {
    ids.set(path, await insertCategory(manager, path, ids, now));
  }
  return ids;
}

async function insertCategory(
  manager: EntityManager,
  path: string,
  ids: ReadonlyMap<string, string>,
  now: Date,
): Promise<string> {
  const id = v7();
  const cut = path.lastIndexOf('/');
  const name = path.slice(cut + 1);
  const parentId = cut === -1 ? null : ids.get(path.slice(0, cut));
  const slug = await freeSlug(manager, 'categories', slugFrom(name) || `category-${id.slice(-12)}`);
  await manager.query(
    `INSERT INTO categories (id, parent_id, name, slug, lineage, path, created_at, updated_at)
     VALUES ($1, $2, $3, $4, coalesce((SELECT lineage FROM categories WHERE id = $2), '{}') || $1::uuid, $5, $6, $6)`,
    [id, parentId, name, slug, path, now],
  );
  return id;
}
