import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes with which a search, its facets and its corrections cost no more than so much, however large the catalog is. */
export class BoundSearches1700000000014 implements MigrationInterface {
  name = 'BoundSearches1700000000014';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [
      'ALTER TABLE product_documents DROP COLUMN title_words, DROP COLUMN name_words',
      'DROP INDEX product_documents_sample_idx',
      'DROP INDEX sample_search_idx, sample_facet_values_idx, sample_category_slugs_idx, sample_brand_idx',
      'DROP INDEX search_words_letters_idx',
      'CREATE INDEX search_words_trigram_idx ON search_words USING gin (word gin_trgm_ops)',
    ]) {
      await queryRunner.query(statement);
    }
  }
}

// Words of the title, and words of title, brand, categories and SKUs: the best matches are looked for among them first. They
// are short, so they stay within the row where the whole vector is kept apart from it.
// The hash of the id is an order that nothing else follows: its first products are a fair sample of all.
// A sixteenth of all has indexes of its own, from which many products are estimated.
// Of all words, article numbers are the most by far, and a word without digits is never one of them misspelt.
const SHORT_LIST = 'WITH (gin_pending_list_limit = 512)';
const IN_SAMPLE = 'WHERE uuid_hash(product_id) < -1879048192';
const STATEMENTS = [
  `ALTER TABLE product_documents
    ADD COLUMN title_words tsvector NOT NULL GENERATED ALWAYS AS (ts_filter(search, '{a}')) STORED,
    ADD COLUMN name_words tsvector NOT NULL GENERATED ALWAYS AS (ts_filter(search, '{a,b}')) STORED`,
  `CREATE INDEX product_documents_title_words_idx ON product_documents USING gin (title_words)
   ${SHORT_LIST}`,
  `CREATE INDEX product_documents_name_words_idx ON product_documents USING gin (name_words)
   ${SHORT_LIST}`,
  'CREATE INDEX product_documents_sample_idx ON product_documents (status, uuid_hash(product_id))',
  `CREATE INDEX sample_search_idx ON product_documents USING gin (search) ${SHORT_LIST} ${IN_SAMPLE}`,
  `CREATE INDEX sample_facet_values_idx ON product_documents USING gin (facet_values) ${SHORT_LIST} ${IN_SAMPLE}`,
  `CREATE INDEX sample_category_slugs_idx ON product_documents USING gin (category_slugs) ${SHORT_LIST} ${IN_SAMPLE}`,
  `CREATE INDEX sample_brand_idx ON product_documents (brand) ${IN_SAMPLE}`,
  'DROP INDEX search_words_trigram_idx',
  `CREATE INDEX search_words_letters_idx ON search_words USING gin (word gin_trgm_ops) WHERE word !~ '[0-9]'`,
];
