import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions and the digests of their refresh tokens; one session is one family (RFC 9700 4.14). */
export class CreateSessions1700000000002 implements MigrationInterface {
  name = 'CreateSessions1700000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        delivery text NOT NULL CHECK (delivery IN ('cookie', 'body')),
        ip text NOT NULL,
        user_agent text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3) NOT NULL,
        idle_until timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3)
      )`);
    await queryRunner.query(`CREATE INDEX sessions_user_id_idx ON sessions (user_id) WHERE ended_at IS NULL`);
    await queryRunner.query(`
      CREATE TABLE refresh_tokens (
        digest bytea PRIMARY KEY CHECK (length(digest) = 32),
        session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
        created_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        sealed_successor bytea,
        CHECK ((used_at IS NULL) = (sealed_successor IS NULL))
      )`);
    await queryRunner.query(`CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE refresh_tokens, sessions');
  }
}
