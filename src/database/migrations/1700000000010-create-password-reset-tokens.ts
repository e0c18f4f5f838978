import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The one living reset token of an account that has asked for it, as a digest. */
export class CreatePasswordResetTokens1700000000010 implements MigrationInterface {
  name = 'CreatePasswordResetTokens1700000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    // The key is the account: a new token takes the place of the older one.
    await queryRunner.query(`
      CREATE TABLE password_reset_tokens (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        digest bytea NOT NULL CHECK (length(digest) = 32),
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT password_reset_tokens_digest_key UNIQUE (digest)
      )`);
    await queryRunner.query(
      `CREATE INDEX password_reset_tokens_expires_at_idx ON password_reset_tokens (expires_at)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE password_reset_tokens');
  }
}
