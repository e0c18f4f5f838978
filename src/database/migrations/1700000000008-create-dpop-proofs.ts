import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The key of a session that is bound to one, and the proofs of such keys that were used (RFC 9449). */
export class CreateDpopProofs1700000000008 implements MigrationInterface {
  name = 'CreateDpopProofs1700000000008';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE sessions ADD COLUMN jkt text CHECK (length(jkt) = 43)`);
    // Of use for three minutes: not worth a WAL. The row of dpop_proofs_since is lost where the proofs are.
    await queryRunner.query(`
      CREATE UNLOGGED TABLE dpop_proofs (
        digest bytea PRIMARY KEY CHECK (length(digest) = 32),
        expires_at timestamptz(3) NOT NULL
      )`);
    await queryRunner.query(`CREATE INDEX dpop_proofs_expires_at_idx ON dpop_proofs (expires_at)`);
    await queryRunner.query(`CREATE UNLOGGED TABLE dpop_proofs_since (since timestamptz(3) NOT NULL)`);
    await queryRunner.query(`CREATE UNIQUE INDEX dpop_proofs_since_key ON dpop_proofs_since ((true))`);
    await queryRunner.query(`INSERT INTO dpop_proofs_since VALUES ('-infinity')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE dpop_proofs_since, dpop_proofs');
    await queryRunner.query('ALTER TABLE sessions DROP COLUMN jkt');
  }
}
