import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The second factor of an account, its secret encrypted, and the digests of the codes that stand in for it. */
export class AddSecondFactors1700000000022 implements MigrationInterface {
  name = 'AddSecondFactors1700000000022';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE second_factors (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        sealed_secret bytea NOT NULL,
        last_step bigint NOT NULL DEFAULT 0,
        confirmed_at timestamptz(3)
      )`);
    await queryRunner.query(`
      CREATE TABLE recovery_codes (
        user_id uuid NOT NULL REFERENCES second_factors ON DELETE CASCADE,
        digest bytea NOT NULL CHECK (length(digest) = 32),
        PRIMARY KEY (user_id, digest)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE recovery_codes, second_factors');
  }
}
