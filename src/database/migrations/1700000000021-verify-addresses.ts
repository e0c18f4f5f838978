import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What waits for an address to be verified: accounts that are to be made, and addresses of accounts that are there. */
export class VerifyAddresses1700000000021 implements MigrationInterface {
  name = 'VerifyAddresses1700000000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    // The key is what a newer token takes the place of.
    await queryRunner.query(`
      CREATE TABLE pending_registrations (
        email text PRIMARY KEY,
        password_hash text NOT NULL,
        display_name text,
        digest bytea NOT NULL CHECK (length(digest) = 32),
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT pending_registrations_digest_key UNIQUE (digest)
      )`);
    await queryRunner.query(`
      CREATE TABLE email_verification_tokens (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        session_id uuid REFERENCES sessions ON DELETE CASCADE,
        email text NOT NULL,
        digest bytea NOT NULL CHECK (length(digest) = 32),
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT email_verification_tokens_digest_key UNIQUE (digest)
      )`);
    await queryRunner.query(
      'CREATE INDEX email_verification_tokens_session_id_idx ON email_verification_tokens (session_id)',
    );
    for (const table of ['pending_registrations', 'email_verification_tokens']) {
      await queryRunner.query(`CREATE INDEX ${table}_expires_at_idx ON ${table} (expires_at)`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE email_verification_tokens, pending_registrations');
  }
}
