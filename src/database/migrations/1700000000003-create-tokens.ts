import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signing keys, their private parts encrypted, and the revocations that are still alive. */
export class CreateTokens1700000000003 implements MigrationInterface {
  name = 'CreateTokens1700000000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE signing_keys (
        kid uuid PRIMARY KEY,
        algorithm text NOT NULL,
        public_jwk jsonb,
        sealed_private_key bytea NOT NULL,
        created_at timestamptz(3) NOT NULL,
        retired_at timestamptz(3),
        verifies_until timestamptz(3),
        CHECK ((retired_at IS NULL) = (verifies_until IS NULL))
      )`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX signing_keys_current_key ON signing_keys ((true)) WHERE retired_at IS NULL`,
    );
    await queryRunner.query(`
      CREATE TABLE revocations (
        id uuid PRIMARY KEY,
        reach text NOT NULL CHECK (reach IN ('token', 'session', 'user')),
        subject uuid NOT NULL,
        version integer,
        expires_at timestamptz(3) NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CHECK ((reach = 'user') = (version IS NOT NULL))
      )`);
    await queryRunner.query(`CREATE INDEX revocations_expires_at_idx ON revocations (expires_at)`);
    await queryRunner.query(`CREATE INDEX revocations_subject_idx ON revocations (subject)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE revocations, signing_keys');
  }
}
