import type { ReadSource } from '../../database/read-source.js';
import { Problem } from '../../http/problem.js';
import { isUuid } from '../../http/uuid-param.pipe.js';
import { entityTagOf, entityTagWith } from '../entity-tag.js';
import { isSlug } from '../slug.js';
import type { CategoryAncestorDto, CategoryDto, CategoryWithAncestorsDto } from './dto/category.dto.js';

interface CategoryRow extends Omit<CategoryDto, 'children' | 'createdAt' | 'updatedAt'> {
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

type CategoryOutline = Pick<CategoryRow, 'id' | 'revision' | 'productCount'>;

type AncestorRow = CategoryAncestorDto & Pick<CategoryRow, 'revision'>;

/** A category as it is answered, with the entity tag of its answer. */
export interface CategoryReading {
  readonly category: CategoryWithAncestorsDto;
  readonly tag: string;
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

// The same of one category, by its slug, with its subtree and the way to it.
const OUTLINE_OF_ONE = `
  WITH one AS (SELECT id, lineage FROM categories WHERE slug = $1)
  SELECT c.id, c.revision, coalesce(counted.products, 0) AS "productCount", c.id = one.id AS "isOne",
    c.lineage @> ARRAY[one.id] AS "isBelow"
  FROM one JOIN categories c ON c.lineage @> ARRAY[one.id] OR c.id = ANY (one.lineage)
    LEFT JOIN category_product_counts counted ON counted.category_slug = c.slug`;

const ANCESTORS = `
  SELECT above.id, above.slug, above.name, above.revision FROM categories c JOIN categories above ON above.id = ANY (c.lineage)
  WHERE c.id = $1 AND above.id <> $1 ORDER BY cardinality(above.lineage)`;

/** Reads the category tree, with how many published products each subtree holds. */
export class CategoryTree {
  constructor(private readonly source: ReadSource) {}

  /** The roots, each with its subtree, and the entity tag of it all. */
  async roots(): Promise<{ readonly items: CategoryDto[]; readonly tag: string }> {
    const rows = await this.rows<CategoryRow>(SUBTREE, null);
    return { items: nest(rows), tag: entityTagOf(outlineOf(rows)) };
  }

  /** The entity tag that the whole tree has now; the tree is not read for it. */
  async tag(): Promise<string> {
    return entityTagOf(outlineOf(await this.rows<CategoryOutline>(OUTLINE)));
  }

  /** The entity tag that the answer to a slug or an id has now, or `null` where there is none; nothing else is read. */
  async tagOf(idOrSlug: string): Promise<string | null> {
    const rows = await this.rows<CategoryOutline & { readonly isOne: boolean; readonly isBelow: boolean }>(
      OUTLINE_OF_ONE,
      await this.slugFor(idOrSlug),
    );
    const one = rows.find(({ isOne }) => isOne);
    const [above, below] = [rows.filter(({ isBelow }) => !isBelow), rows.filter(({ isBelow }) => isBelow)];
    return one ? tagOfOne(one, above, below) : null;
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
    const slug = await this.slugFor(idOrSlug);
    const rows = slug === '' ? [] : await this.rows<CategoryRow>(SUBTREE, slug);
    const row = rows.find((one) => one.slug === slug);
    const [category] = nest(rows);
    if (!row || !category) {
      return null;
    }
    const above = await this.rows<AncestorRow>(ANCESTORS, row.id);
    const ancestors = above.map(({ id, slug: at, name }) => ({ id, slug: at, name }));
    return { category: { ...category, ancestors }, tag: tagOfOne(row, above, rows) };
  }

  /** The slug, or an empty text where there can be none. */
  private async slugFor(idOrSlug: string): Promise<string> {
    if (!isUuid(idOrSlug)) {
      return isSlug(idOrSlug) ? idOrSlug : '';
    }
    const [found] = await this.rows<{ slug: string }>('SELECT slug FROM categories WHERE id = $1', idOrSlug);
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

function outlineOf(rows: readonly CategoryOutline[]): string {
  return byId(rows)
    .map(({ id, revision, productCount }) => `${id} ${revision} ${productCount}`)
    .join(' ');
}

// Of those above only what they are is shown, not what they hold.
function tagOfOne(
  one: CategoryOutline,
  above: readonly Pick<CategoryOutline, 'id' | 'revision'>[],
  below: readonly CategoryOutline[],
): string {
  const way = byId(above).map(({ id, revision }) => `${id} ${revision}`);
  return entityTagWith(one.revision, `${way.join(' ')} / ${outlineOf(below)}`);
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

function nest(rows: readonly CategoryRow[]): CategoryDto[] {
  const known = new Map<string, CategoryDto>();
  const roots: CategoryDto[] = [];
  for (const row of rows) {
    const category = toDto(row);
    known.set(row.id, category);
    const siblings = row.parentId === null ? roots : (known.get(row.parentId)?.children ?? roots);
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
