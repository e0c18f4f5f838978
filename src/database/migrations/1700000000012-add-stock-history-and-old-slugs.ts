import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The history of every stock, documents in two parts, and the slugs that products and categories had before. */
export class AddStockHistoryAndOldSlugs1700000000012 implements MigrationInterface {
  name = 'AddStockHistoryAndOldSlugs1700000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...HISTORY, ...DOCUMENTS, ...OLD_SLUGS.flatMap(keepOldSlugs)]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { owners, old } of OLD_SLUGS) {
      await queryRunner.query(`DROP TRIGGER keep_old_slug ON ${owners}`);
      await queryRunner.query(`DROP TRIGGER take_over_old_slug ON ${owners}`);
      await queryRunner.query(`DROP FUNCTION keep_${old}`);
      await queryRunner.query(`DROP TABLE ${old}`);
    }
    await queryRunner.query('ALTER TABLE product_documents ADD COLUMN body text');
    await queryRunner.query('UPDATE product_documents SET body = head || tail');
    await queryRunner.query(
      'ALTER TABLE product_documents ALTER COLUMN body SET NOT NULL, DROP COLUMN head, DROP COLUMN tail, RESET (fillfactor)',
    );
    await queryRunner.query('ALTER TABLE products RESET (fillfactor)');
    await queryRunner.query('ALTER TABLE variants RESET (fillfactor)');
    await queryRunner.query('DROP TABLE stock_adjustments');
  }
}

// `number` is drawn while the product is locked: within a variant it is the order of the changes, whatever the clocks say.
const HISTORY = [
  `CREATE TABLE stock_adjustments (
    variant_id uuid CONSTRAINT stock_adjustments_variant_id_fkey REFERENCES variants ON DELETE CASCADE,
    number bigint GENERATED ALWAYS AS IDENTITY,
    id uuid NOT NULL,
    delta integer NOT NULL CHECK (delta <> 0),
    stock_after integer NOT NULL CHECK (stock_after >= 0),
    reason text NOT NULL CHECK (reason <> ''),
    user_id uuid NOT NULL,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (variant_id, number)
  )`,
  // With room on each page, a new version of a row stays on it, and no index has to hear of it (HOT).
  'ALTER TABLE variants SET (fillfactor = 80)',
  'ALTER TABLE products SET (fillfactor = 80)',
  'ALTER TABLE product_documents SET (fillfactor = 80)',
];

// A body is `head`, then `tail`, which begins with `"inStock":` and holds all that a change of stock changes. In JSON
// as it is rendered, this is the only place where that follows a comma without a blank.
const SPLIT = `position(',"inStock":' in body)`;
const DOCUMENTS = [
  'ALTER TABLE product_documents ADD COLUMN head text, ADD COLUMN tail text',
  `UPDATE product_documents SET head = left(body, ${SPLIT}), tail = substr(body, ${SPLIT} + 1)`,
  `ALTER TABLE product_documents
    ALTER COLUMN head SET NOT NULL, ALTER COLUMN tail SET NOT NULL, DROP COLUMN body`,
];

const OLD_SLUGS = [
  { owners: 'products', owner: 'product_id', old: 'old_product_slugs' },
  { owners: 'categories', owner: 'category_id', old: 'old_category_slugs' },
];

// By trigger, because it holds for whoever writes a slug: a living one takes it over, and one that is left is kept.
function keepOldSlugs({ owners, owner, old }: (typeof OLD_SLUGS)[number]): string[] {
  return [
    `CREATE TABLE ${old} (
      slug text COLLATE "C" PRIMARY KEY,
      ${owner} uuid NOT NULL CONSTRAINT ${old}_${owner}_fkey REFERENCES ${owners} ON DELETE CASCADE
    )`,
    `CREATE INDEX ${old}_${owner}_idx ON ${old} (${owner})`,
    `CREATE FUNCTION keep_${old}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM ${old} WHERE slug = NEW.slug;
        IF TG_OP = 'UPDATE' THEN
          INSERT INTO ${old} (slug, ${owner}) VALUES (OLD.slug, OLD.id)
          ON CONFLICT (slug) DO UPDATE SET ${owner} = excluded.${owner};
        END IF;
        RETURN NULL;
      END $$`,
    `CREATE TRIGGER take_over_old_slug AFTER INSERT ON ${owners} FOR EACH ROW EXECUTE FUNCTION keep_${old}()`,
    `CREATE TRIGGER keep_old_slug AFTER UPDATE OF slug ON ${owners} FOR EACH ROW
      WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION keep_${old}()`,
  ];
}
