import type { RowSource } from '../../database/row-source.js';
import { Problem } from '../../http/problem.js';
import { isUuid } from '../../http/uuid-param.pipe.js';
import { entityTagOf, entityTagWith } from '../entity-tag.js';
import { isSlug } from '../slug.js';
import type { CategoryDto, CategoryWithAncestorsDto } from './dto/category.dto.js';

interface CategoryRow extends Omit<CategoryDto, 'children' | 'createdAt' | 'updatedAt'> {
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

type CategoryOutline = Pick<CategoryRow, 'id' | 'revision' | 'productCount'>;

/** Where a category stands to the one that was asked for: it is it, below it (or it), or above it. */
interface Place {
  readonly isOne: boolean;
  readonly isBelow: boolean;
}

/** A category as it is answered, with the entity tag of its answer. */
export interface CategoryReading {
  readonly category: CategoryWithAncestorsDto;
  readonly tag: string;
}

const COLUMNS = `
  c.id, c.parent_id AS "parentId", c.slug, c.name, c.path, c.description, c.position, c.revision,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", coalesce(counted.products, 0) AS "productCount"`;

// What the tree is made of: all else follows from these and the way they hang together, which a revision tells too.
const OUTLINE = 'c.id, c.revision, coalesce(counted.products, 0) AS "productCount"';

const COUNTED = 'LEFT JOIN category_product_counts counted ON counted.category_slug = c.slug';

// Parents come before their children.
const IN_ORDER = 'ORDER BY cardinality(c.lineage), c.position, folded(c.name) COLLATE "C", c.id';

// One category, by its slug, with its subtree and the way to it: in one statement, which sees them as they were together.
const AROUND_ONE = `
  c.id = one.id AS "isOne", c.lineage @> ARRAY[one.id] AS "isBelow"
  FROM (SELECT id, lineage FROM categories WHERE slug = $1) one
    JOIN categories c ON c.lineage @> ARRAY[one.id] OR c.id = ANY (one.lineage) ${COUNTED}`;

/** Reads the category tree, with how many published products each subtree holds. */
export class CategoryTree {
  constructor(private readonly source: RowSource) {}

  /** The roots, each with its subtree, and the entity tag of it all. */
  async roots(): Promise<{ readonly items: CategoryDto[]; readonly tag: string }> {
    const rows = await this.rows<CategoryRow>(`SELECT ${COLUMNS} FROM categories c ${COUNTED} ${IN_ORDER}`);
    return { items: nest(rows), tag: entityTagOf(outlineOf(rows)) };
  }

  /** The entity tag that the whole tree has now; the tree is not read for it. */
  async tag(): Promise<string> {
    return entityTagOf(outlineOf(await this.rows(`SELECT ${OUTLINE} FROM categories c ${COUNTED}`)));
  }

  /** The entity tag that the answer to a slug or an id has now, or `null` where there is none; nothing else is read. */
  async tagOf(idOrSlug: string): Promise<string | null> {
    return tagOfOne(await this.rows(`SELECT ${OUTLINE}, ${AROUND_ONE}`, await this.slugFor(idOrSlug)));
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
    const rows = await this.rows<CategoryRow & Place>(`SELECT ${COLUMNS}, ${AROUND_ONE} ${IN_ORDER}`, slug);
    const [category] = nest(rows.filter(({ isBelow }) => isBelow));
    const tag = tagOfOne(rows);
    if (!category || tag === null) {
      return null;
    }
    const ancestors = rows
      .filter(({ isBelow }) => !isBelow)
      .map(({ id, slug: at, name }) => ({ id, slug: at, name }));
    return { category: { ...category, ancestors }, tag };
  }

  /** The slug, or an empty text where there can be none. */
  private async slugFor(idOrSlug: string): Promise<string> {
    if (!isUuid(idOrSlug)) {
      return isSlug(idOrSlug) ? idOrSlug : '';
    }
    const [found] = await this.rows<{ slug: string }>('SELECT slug FROM categories WHERE id = $1', idOrSlug);
    return found?.slug ?? '';
  }

  private async rows<Row extends object>(text: string, ...values: string[]): Promise<Row[]> {
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
function tagOfOne(rows: readonly (CategoryOutline & Place)[]): string | null {
  const one = rows.find(({ isOne }) => isOne);
  const above = byId(rows.filter(({ isBelow }) => !isBelow)).map(({ id, revision }) => `${id} ${revision}`);
  const below = outlineOf(rows.filter(({ isBelow }) => isBelow));
  return one ? entityTagWith(one.revision, `${above.join(' ')} / ${below}`) : null;
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
