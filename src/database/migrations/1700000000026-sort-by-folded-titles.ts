import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Titles are sorted without accents and case in every script, whatever the locale of the database: Äpfel before Zebra.
 * Writes the keys anew that are others now.
 */
export class SortByFoldedTitles1700000000026 implements MigrationInterface {
  name = 'SortByFoldedTitles1700000000026';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [HOLD_DOCUMENTS, SORT_KEY, sortBy('sort_key(p.title)')]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [HOLD_DOCUMENTS, sortBy('lower(p.title)'), 'DROP FUNCTION sort_key(text)']) {
      await queryRunner.query(statement);
    }
  }
}

// Writers of documents wait: else they might lock the same documents in another order.
const HOLD_DOCUMENTS = 'LOCK TABLE product_documents IN SHARE ROW EXCLUSIVE MODE';

// Folding makes up to 18 letters of one, and an index takes 2,700 bytes.
const SORT_KEY = `
  CREATE FUNCTION sort_key(source text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT left(btrim(regexp_replace(folded(source), ' +', ' ', 'g')), 200)
  $$`;

function sortBy(key: string): string {
  return `
    UPDATE product_documents d SET sort_title = ${key}
    FROM products p WHERE p.id = d.product_id AND d.sort_title <> ${key}`;
}
