import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps with each revocation the transaction that wrote it: so one can ask which a snapshot has not seen. */
export class OrderRevocations1700000000009 implements MigrationInterface {
  name = 'OrderRevocations1700000000009';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE revocations ADD COLUMN transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id()',
    );
    await queryRunner.query(
      'CREATE INDEX revocations_transaction_id_idx ON revocations (transaction_id, id)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE revocations DROP COLUMN transaction_id');
  }
}
