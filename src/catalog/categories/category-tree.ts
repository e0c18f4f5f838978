import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Problem } from '../../http/problem.js';
import { isUuid } from '../../http/uuid-param.pipe.js';
import { isSlug } from '../slug.js';
import type { CategoryAncestorDto, CategoryDto, CategoryWithAncestorsDto } from './dto/category.dto.js';

interface CategoryRow extends Omit<CategoryDto, 'children' | 'createdAt' | 'updatedAt'> {
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A category as it is answered, with its revision. */
export interface CategoryReading {
  readonly category: CategoryWithAncestorsDto;
  readonly revision: number;
}

// Parents come before their children. $1 limits it to the subtree of one category, by its slug; null is the whole tree.
const SUBTREE = `
  SELECT c.id, c.parent_id AS "parentId", c.slug, c.name, c.path, c.description, c.position, c.revision,
    c.created_at AS "createdAt", c.updated_at AS "updatedAt", coalesce(counted.products, 0) AS "productCount"
  FROM categories c LEFT JOIN category_product_counts counted ON counted.category_slug = c.slug
  WHERE $1::text IS NULL OR c.lineage @> ARRAY(SELECT id FROM categories WHERE slug = $1)
  ORDER BY cardinality(c.lineage), c.position, lower(c.name) COLLATE "C", c.id`;

const ANCESTORS = `
  SELECT above.id, above.slug, above.name FROM categories c JOIN categories above ON above.id = ANY (c.lineage)
  WHERE c.id = $1 AND above.id <> $1 ORDER BY cardinality(above.lineage)`;

/** Reads the category tree, with how many published products each subtree holds. */
@Injectable()
export class CategoryTree {
  /** The roots, each with its subtree. */
  async roots(manager: EntityManager): Promise<CategoryDto[]> {
    return nest(await manager.query<CategoryRow[]>(SUBTREE, [null]));
  }

  /** One category with its subtree and the way to it. @throws Problem `not-found` */
  async get(manager: EntityManager, idOrSlug: string): Promise<CategoryReading> {
    const reading = await this.find(manager, idOrSlug);
    if (!reading) {
      throw noSuchCategory();
    }
    return reading;
  }

  /** One category with its subtree and the way to it, or `null`. */
  async find(manager: EntityManager, idOrSlug: string): Promise<CategoryReading | null> {
    const slug = isUuid(idOrSlug) ? await slugOf(manager, idOrSlug) : idOrSlug;
    const rows = isSlug(slug) ? await manager.query<CategoryRow[]>(SUBTREE, [slug]) : [];
    const row = rows.find((one) => one.slug === slug);
    const [category] = nest(rows);
    if (!row || !category) {
      return null;
    }
    const ancestors = await manager.query<CategoryAncestorDto[]>(ANCESTORS, [row.id]);
    return { category: { ...category, ancestors }, revision: row.revision };
  }
}

/** The problem of a category that is not there. */
export function noSuchCategory(): Problem {
  return new Problem('not-found', 'There is no such category.');
}

async function slugOf(manager: EntityManager, id: string): Promise<string> {
  const [found] = await manager.query<{ slug: string }[]>('SELECT slug FROM categories WHERE id = $1', [id]);
  return found?.slug ?? '';
}

function nest(rows: readonly CategoryRow[]): CategoryDto[] {
  const byId = new Map<string, CategoryDto>();
  const roots: CategoryDto[] = [];
  for (const row of rows) {
    const category = toDto(row);
    byId.set(row.id, category);
    const siblings = row.parentId === null ? roots : (byId.get(row.parentId)?.children ?? roots);
    siblings.push(category);
  }
  return roots;
}

function toDto(row: CategoryRow): CategoryDto {
  return {
    id: row.id,
    parentId: row.parentId,
    slug: row.slug,
    name: row.name,
    path: row.path,
    description: row.description,
    position: row.position,
    productCount: row.productCount,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    children: [],
  };
}
