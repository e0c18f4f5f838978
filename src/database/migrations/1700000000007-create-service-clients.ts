import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Services with credentials of their own, for introspection and revocation (RFC 7662, RFC 7009). */
export class CreateServiceClients1700000000007 implements MigrationInterface {
  name = 'CreateServiceClients1700000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE service_clients (
        id uuid PRIMARY KEY,
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
        secret_digest bytea NOT NULL CHECK (length(secret_digest) = 32),
        claims text[] NOT NULL CHECK (claims <@ ARRAY['roles', 'sid', 'email']),
        created_at timestamptz(3) NOT NULL,
        revoked_at timestamptz(3)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE service_clients');
  }
}
