import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The catalog: categories, products and variants as they are written, and the documents that are read. */
export class CreateCatalog1700000000004 implements MigrationInterface {
  name = 'CreateCatalog1700000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...WRITTEN, ...READ]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'DROP TABLE category_product_counts, product_documents, variants, product_categories, products, categories',
    );
  }
}

// `lineage` holds the ids from the root down to the category itself, `path` the same as names.
// Names are long, so `path` outgrows what a B-tree takes: its index is a hash.
const WRITTEN = [
  `CREATE TABLE categories (
    id uuid PRIMARY KEY,
    parent_id uuid CONSTRAINT categories_parent_id_fkey REFERENCES categories,
    name text NOT NULL CHECK (name <> '' AND position('/' in name) = 0),
    slug text COLLATE "C" NOT NULL CONSTRAINT categories_slug_key UNIQUE,
    description text NOT NULL DEFAULT '',
    position integer NOT NULL DEFAULT 0 CHECK (position >= 0),
    lineage uuid[] NOT NULL,
    path text NOT NULL,
    revision integer NOT NULL DEFAULT 1,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    CONSTRAINT categories_parent_id_name_key UNIQUE NULLS NOT DISTINCT (parent_id, name)
  )`,
  'CREATE INDEX categories_path_idx ON categories USING hash (path)',
  'CREATE INDEX categories_lineage_idx ON categories USING gin (lineage)',
  `CREATE TABLE products (
    id uuid PRIMARY KEY,
    slug text COLLATE "C" NOT NULL CONSTRAINT products_slug_key UNIQUE,
    title text NOT NULL CHECK (title <> ''),
    description text NOT NULL DEFAULT '',
    brand text,
    status text NOT NULL CHECK (status IN ('draft', 'published', 'archived')),
    attributes jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object'),
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    revision integer NOT NULL DEFAULT 0,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    published_at timestamptz(3) CHECK (published_at IS NOT NULL OR status <> 'published')
  )`,
  `CREATE TABLE product_categories (
    product_id uuid CONSTRAINT product_categories_product_id_fkey REFERENCES products ON DELETE CASCADE,
    category_id uuid CONSTRAINT product_categories_category_id_fkey REFERENCES categories ON DELETE CASCADE,
    position integer NOT NULL,
    PRIMARY KEY (product_id, category_id)
  )`,
  'CREATE INDEX product_categories_category_id_idx ON product_categories (category_id)',
  `CREATE TABLE variants (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL CONSTRAINT variants_product_id_fkey REFERENCES products ON DELETE CASCADE,
    sku text COLLATE "C" NOT NULL CONSTRAINT variants_sku_key UNIQUE,
    title text,
    price bigint NOT NULL CHECK (price >= 0),
    compare_at_price bigint CHECK (compare_at_price >= 0),
    stock integer NOT NULL DEFAULT 0 CONSTRAINT variants_stock_check CHECK (stock >= 0),
    options jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object'),
    position integer NOT NULL
  )`,
  'CREATE INDEX variants_product_id_idx ON variants (product_id, position)',
];

// One index for each order of a list; products without a price come last in both orders of price.
const READ = [
  `CREATE TABLE product_documents (
    product_id uuid PRIMARY KEY CONSTRAINT product_documents_product_id_fkey REFERENCES products ON DELETE CASCADE,
    slug text COLLATE "C" NOT NULL CONSTRAINT product_documents_slug_key UNIQUE,
    status text NOT NULL,
    listed_at timestamptz(3) NOT NULL,
    price_min bigint,
    sort_title text COLLATE "C" NOT NULL,
    category_slugs text[] NOT NULL,
    in_stock boolean NOT NULL,
    brand text,
    revision integer NOT NULL,
    body text NOT NULL
  )`,
  'CREATE INDEX product_documents_newest_idx ON product_documents (status, listed_at, product_id)',
  'CREATE INDEX product_documents_price_idx ON product_documents (status, coalesce(price_min, 1000000000000000), product_id)',
  'CREATE INDEX product_documents_price_desc_idx ON product_documents (status, coalesce(price_min, -1), product_id)',
  'CREATE INDEX product_documents_title_idx ON product_documents (status, sort_title, product_id)',
  'CREATE INDEX product_documents_category_slugs_idx ON product_documents USING gin (category_slugs) WITH (fastupdate = off)',
  'CREATE INDEX product_documents_brand_idx ON product_documents (brand)',
  // Published products in the subtree of a category. A slug that is no longer one counts none.
  `CREATE TABLE category_product_counts (
    category_slug text COLLATE "C" PRIMARY KEY,
    products integer NOT NULL
  )`,
];
