import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the owner of a session last proved their password; of sessions that are there already: when they signed in. */
export class AddAuthenticationTime1700000000006 implements MigrationInterface {
  name = 'AddAuthenticationTime1700000000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    // The default is for processes of the version before, which still open sessions while this one is rolled out.
    await queryRunner.query(
      `ALTER TABLE sessions ADD COLUMN authenticated_at timestamptz(3) NOT NULL DEFAULT now()`,
    );
    await queryRunner.query(`UPDATE sessions SET authenticated_at = created_at`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE sessions DROP COLUMN authenticated_at');
  }
}
