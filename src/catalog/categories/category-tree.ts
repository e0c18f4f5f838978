import type { ReadSource } from '../../database/read-source.js';
import { Problem } from '../../http/problem.js';
import { isUuid } from '../../http/uuid-param.pipe.js';
import { entityTagOf } from '../entity-tag.js';
import { isSlug } from '../slug.js';
import type { CategoryAncestorDto, CategoryDto, CategoryWithAncestorsDto } from './dto/category.dto.js';

interface CategoryRow extends Omit<CategoryDto, 'children' | 'createdAt' | 'updatedAt'> {
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

type CategoryOutline = Pick<CategoryRow, 'id' | 'revision' | 'productCount'>;

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

// What the tree is made of: all else follows from these and the way they hang together, which a revision tells too.
const OUTLINE = `
  SELECT c.id, c.revision, coalesce(counted.products, 0) AS "productCount"
  FROM categories c LEFT JOIN category_product_counts counted ON counted.category_slug = c.slug
  ORDER BY c.id`;

const ANCESTORS = `
  SELECT above.id, above.slug, above.name FROM categories c JOIN categories above ON above.id = ANY (c.lineage)
  WHERE c.id = $1 AND above.id <> $1 ORDER BY cardinality(above.lineage)`;

/** Reads the category tree, with how many published products each subtree holds. */
export class CategoryTree {
  constructor(private readonly source: ReadSource) {}

  /** The roots, each with its subtree, and the entity tag of it all. */
  async roots(): Promise<{ readonly items: CategoryDto[]; readonly tag: string }> {
    const rows = await this.rows<CategoryRow>(SUBTREE, null);
    return { items: nest(rows), tag: tagOf(rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))) };
  }

  /** The entity tag that the whole tree has now; the tree is not read for it. */
  async tag(): Promise<string> {
    return tagOf(await this.rows<CategoryOutline>(OUTLINE));
  }

  /** One category with its subtree and the way to it. @throws Problem `not-found` */
  async get(idOrSlug: string): Promise<CategoryReading> {
    const reading = await this.find(idOrSlug);
    if (!reading) {
      throw noSuchCategory();
    }
    return reading;
  }

  /** One category with its subtree and the way to it, or `null`. */
  async find(idOrSlug: string): Promise<CategoryReading | null> {
    const slug = isUuid(idOrSlug) ? await this.slugOf(idOrSlug) : idOrSlug;
    const rows = isSlug(slug) ? await this.rows<CategoryRow>(SUBTREE, slug) : [];
    const row = rows.find((one) => one.slug === slug);
    const [category] = nest(rows);
    if (!row || !category) {
      return null;
    }
    const ancestors = await this.rows<CategoryAncestorDto>(ANCESTORS, row.id);
    return { category: { ...category, ancestors }, revision: row.revision };
  }

  private async slugOf(id: string): Promise<string> {
    const [found] = await this.rows<{ slug: string }>('SELECT slug FROM categories WHERE id = $1', id);
    return found?.slug ?? '';
  }

  private async rows<Row extends object>(text: string, ...values: (string | null)[]): Promise<Row[]> {
    const { rows } = await this.source.query<Row>({ text, values });
    return rows;
  }
}

/** The problem of a category that is not there. */
export function noSuchCategory(): Problem {
  return new Problem('not-found', 'There is no such category.');
}

function tagOf(rows: readonly CategoryOutline[]): string {
  return entityTagOf(
    rows.map(({ id, revision, productCount }) => `${id} ${revision} ${productCount}`).join(' '),
  );
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
