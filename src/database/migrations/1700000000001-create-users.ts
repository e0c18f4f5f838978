import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts, and apart from them the hashes of their passwords. */
export class CreateUsers1700000000001 implements MigrationInterface {
  name = 'CreateUsers1700000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY,
        email text NOT NULL CONSTRAINT users_email_key UNIQUE,
        email_verified boolean NOT NULL DEFAULT false,
        display_name text,
        roles text[] NOT NULL CHECK (roles <@ ARRAY['customer', 'editor', 'admin'] AND 'customer' = ANY (roles)),
        status text NOT NULL CHECK (status IN ('active', 'disabled')),
        version integer NOT NULL DEFAULT 1 CHECK (version > 0),
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      )`);
    await queryRunner.query(`
      CREATE TABLE password_credentials (
        user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
        hash text NOT NULL,
        changed_at timestamptz(3) NOT NULL
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE password_credentials, users');
  }
}
