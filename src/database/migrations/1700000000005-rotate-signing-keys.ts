import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signing keys that are made before they sign: what a key is follows from its times. */
export class RotateSigningKeys1700000000005 implements MigrationInterface {
  name = 'RotateSigningKeys1700000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX signing_keys_current_key`);
    await queryRunner.query(`ALTER TABLE signing_keys ADD COLUMN signs_from timestamptz(3)`);
    await queryRunner.query(`UPDATE signing_keys SET signs_from = created_at`);
    await queryRunner.query(`ALTER TABLE signing_keys ALTER COLUMN signs_from SET NOT NULL`);
    await queryRunner.query(`ALTER TABLE signing_keys DROP COLUMN retired_at`);
    // One key at most has no successor: two would both sign.
    await queryRunner.query(
      `CREATE UNIQUE INDEX signing_keys_newest_key ON signing_keys ((true)) WHERE verifies_until IS NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX signing_keys_newest_key`);
    await queryRunner.query(`ALTER TABLE signing_keys ADD COLUMN retired_at timestamptz(3)`);
    await queryRunner.query(`UPDATE signing_keys SET retired_at = verifies_until`);
    await queryRunner.query(`ALTER TABLE signing_keys DROP COLUMN signs_from`);
    await queryRunner.query(
      `ALTER TABLE signing_keys ADD CHECK ((retired_at IS NULL) = (verifies_until IS NULL))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX signing_keys_current_key ON signing_keys ((true)) WHERE retired_at IS NULL`,
    );
  }
}
