import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports of catalogs: how far each is, what is still to be worked off, and what was wrong with which line. */
export class CreateImports1700000000013 implements MigrationInterface {
  name = 'CreateImports1700000000013';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE variants DROP COLUMN import_line, DROP COLUMN import_id');
    await queryRunner.query('DROP TABLE import_errors, import_chunks, imports');
  }
}

// A chunk is removed in the transaction that works it off, so what is left is what is still to be done.
// Chunks live for seconds: compressing them would cost more than it saves.
const STATEMENTS = [
  `CREATE TABLE imports (
    id uuid PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('receiving', 'queued', 'running', 'completed', 'discarded')),
    source text,
    staged integer NOT NULL DEFAULT 0,
    read integer NOT NULL DEFAULT 0,
    created integer NOT NULL DEFAULT 0,
    updated integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    received_at timestamptz(3) NOT NULL,
    touched_at timestamptz(3) NOT NULL,
    started_at timestamptz(3),
    finished_at timestamptz(3)
  )`,
  `CREATE INDEX imports_unfinished_idx ON imports (received_at, id) WHERE status IN ('queued', 'running')`,
  `CREATE INDEX imports_touched_at_idx ON imports (touched_at)`,
  `CREATE TABLE import_chunks (
    import_id uuid CONSTRAINT import_chunks_import_id_fkey REFERENCES imports ON DELETE CASCADE,
    number integer NOT NULL,
    lines integer[] NOT NULL,
    body bytea NOT NULL,
    faults jsonb NOT NULL,
    PRIMARY KEY (import_id, number)
  )`,
  'ALTER TABLE import_chunks ALTER COLUMN body SET STORAGE EXTERNAL',
  `CREATE TABLE import_errors (
    import_id uuid CONSTRAINT import_errors_import_id_fkey REFERENCES imports ON DELETE CASCADE,
    line integer NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (import_id, line)
  )`,
  // Which line of which import wrote a variant last: so an SKU that is twice in one file is found.
  'ALTER TABLE variants ADD COLUMN import_id uuid, ADD COLUMN import_line integer',
];
