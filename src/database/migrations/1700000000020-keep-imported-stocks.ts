import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports know who sent them, and go into the history of the stocks that they change. */
export class KeepImportedStocks1700000000020 implements MigrationInterface {
  name = 'KeepImportedStocks1700000000020';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) {
      await queryRunner.query(statement);
    }
  }

  // Changes by a command are nobody's, for which the table has no room then.
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DELETE FROM stock_adjustments WHERE user_id IS NULL');
    await queryRunner.query(
      'ALTER TABLE stock_adjustments DROP COLUMN import_id, ALTER COLUMN user_id SET NOT NULL',
    );
    await queryRunner.query('ALTER TABLE imports DROP COLUMN user_id');
  }
}

// Neither refers to its table: accounts and imports may be gone while the history stays.
const STATEMENTS = [
  'ALTER TABLE imports ADD COLUMN user_id uuid',
  `ALTER TABLE stock_adjustments ADD COLUMN import_id uuid, ALTER COLUMN user_id DROP NOT NULL,
    ADD CONSTRAINT stock_adjustments_origin_check CHECK (user_id IS NOT NULL OR import_id IS NOT NULL)`,
];
