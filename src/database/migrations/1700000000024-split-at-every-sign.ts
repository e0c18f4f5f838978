import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Words end at the signs of every script: an Arabic comma, a Hebrew hyphen or a Japanese middle dot is no word, nor a part
 * of one. Writes what the products with such signs are found by anew.
 */
export class SplitAtEverySign1700000000024 implements MigrationInterface {
  name = 'SplitAtEverySign1700000000024';

  async up(queryRunner: QueryRunner): Promise<void> {
    await splitAt(queryRunner, `${SIGNS}${MORE_SIGNS}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await splitAt(queryRunner, SIGNS);
  }
}

async function splitAt(queryRunner: QueryRunner, signs: string): Promise<void> {
  for (const statement of [HOLD_DOCUMENTS, wordsSplitAt(signs), RENEW_SEARCH, ADD_WORDS]) {
    await queryRunner.query(statement);
  }
}

// As words have been split until now.
const SIGNS = String.raw`\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u3020\u3030\ufe00-\ufe0f\ufe30-\ufe4f\uff01-\uff0f\ufffc\ufffd\U0001f000-\U0001faff`;
const UNSPACED = String.raw`\u3041-\u3096\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff`;

// All others that are punctuation, symbols, separators, format characters or for private use (P, S, Z, Cf, Co) in Unicode
// 17, but for those that folding makes something else of. PostgreSQL knows such classes by its locale only.
const MORE_SIGNS = [
  String.raw`\u02c2-\u02c5\u02d2-\u02df\u02e5-\u02eb\u02ed\u02ef-\u02ff\u0375\u03f6\u0482\u055a-\u055f\u0589-\u058f\u05be`,
  String.raw`\u05c0\u05c3\u05c6\u05f3\u05f4\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u06dd\u06de\u06e9\u06fd\u06fe`,
  String.raw`\u0700-\u070f\u07f6-\u07f9\u07fe\u07ff\u0830-\u083e\u085e\u0888\u0890\u0891\u08e2\u0964\u0965\u0970\u09f2\u09f3`,
  String.raw`\u09fa\u09fb\u09fd\u0a76\u0af0\u0af1\u0b70\u0bf3-\u0bfa\u0c77\u0c7f\u0c84\u0d4f\u0d79\u0df4\u0e3f\u0e4f`,
  String.raw`\u0e5a\u0e5b\u0f01-\u0f17\u0f1a-\u0f1f\u0f34\u0f36\u0f38\u0f3a-\u0f3d\u0f85\u0fbe-\u0fc5\u0fc7-\u0fda`,
  String.raw`\u104a-\u104f\u109e\u109f\u10fb\u1360-\u1368\u1390-\u1399\u1400\u166d\u166e\u1680\u169b\u169c\u16eb-\u16ed`,
  String.raw`\u1735\u1736\u17d4-\u17d6\u17d8-\u17db\u1800-\u180a\u180e\u1940-\u1945\u19de-\u19ff\u1a1e\u1a1f\u1aa0-\u1aa6`,
  String.raw`\u1aa8-\u1aad\u1b4e\u1b4f\u1b5a-\u1b6a\u1b74-\u1b7f\u1bfc-\u1bff\u1c3b-\u1c3f\u1c7e\u1c7f\u1cc0-\u1cc7\u1cd3`,
  String.raw`\u2104\u2108\u2114\u2117\u2118\u211e-\u2123\u2125\u2127\u2129\u212e\u213a\u2141-\u2144\u214a-\u214d\u214f`,
  String.raw`\u218a\u218b\u2ce5-\u2cea\u2cf9-\u2cfc\u2cfe\u2cff\u2d70\u2e00-\u2e2e\u2e30-\u2e5d\u2e80-\u2ef2\u2ff0-\u2fff`,
  String.raw`\u3037\u303d-\u303f\u30a0\u30fb\u3190\u3191\u31c0-\u31e5\u31ef\u327f\u4dc0-\u4dff\ua490-\ua4c6\ua4fe\ua4ff`,
  String.raw`\ua60d-\ua60f\ua673\ua67e\ua6f2-\ua6f7\ua700-\ua716\ua720\ua721\ua789\ua78a\ua828-\ua82b\ua836-\ua839`,
  String.raw`\ua874-\ua877\ua8ce\ua8cf\ua8f8-\ua8fa\ua8fc\ua92e\ua92f\ua95f\ua9c1-\ua9cd\ua9de\ua9df\uaa5c-\uaa5f`,
  String.raw`\uaa77-\uaa79\uaade\uaadf\uaaf0\uaaf1\uab5b\uab6a\uab6b\uabeb\ue000-\uf8ff\ufbb2-\ufbd2\ufd3e-\ufd4f\ufd90\ufd91`,
  String.raw`\ufdc8-\ufdcf\ufdfd-\ufdff\ufeff\uff65\ufff9-\ufffb\U00010100-\U00010102\U00010137-\U0001013f`,
  String.raw`\U00010179-\U00010189\U0001018c-\U000101a0\U000101d0-\U000101fc\U0001039f\U000103d0\U0001056f\U00010857`,
  String.raw`\U00010877\U00010878\U0001091f\U0001093f\U00010a50-\U00010a58\U00010a7f\U00010ac8\U00010af0-\U00010af6`,
  String.raw`\U00010b39-\U00010b3f\U00010b99-\U00010b9c\U00010d6e\U00010d8e\U00010d8f\U00010ead\U00010ed0-\U00010ed8`,
  String.raw`\U00010f55-\U00010f59\U00010f86-\U00010f89\U00011047-\U0001104d\U000110bb-\U000110c1\U000110cd`,
  String.raw`\U00011140-\U00011143\U00011174\U00011175\U000111c5-\U000111c8\U000111cd\U000111db\U000111dd-\U000111df`,
  String.raw`\U00011238-\U0001123d\U000112a9\U000113d4-\U000113d8\U0001144b-\U0001144f\U0001145a-\U0001145d\U000114c6`,
  String.raw`\U000115c1-\U000115d7\U00011641-\U00011643\U00011660-\U0001166c\U000116b9\U0001173c-\U0001173f\U0001183b`,
  String.raw`\U00011944-\U00011946\U000119e2\U00011a3f-\U00011a46\U00011a9a-\U00011a9c\U00011a9e-\U00011aa2`,
  String.raw`\U00011b00-\U00011b09\U00011be1\U00011c41-\U00011c45\U00011c70\U00011c71\U00011ef7\U00011ef8`,
  String.raw`\U00011f43-\U00011f4f\U00011fd5-\U00011ff1\U00011fff\U00012470-\U00012474\U00012ff1\U00012ff2`,
  String.raw`\U00013430-\U0001343f\U00016a6e\U00016a6f\U00016af5\U00016b37-\U00016b3f\U00016b44\U00016b45`,
  String.raw`\U00016d6d-\U00016d6f\U00016e97-\U00016e9a\U00016fe2\U0001bc9c\U0001bc9f-\U0001bca3\U0001cc00-\U0001ccd5`,
  String.raw`\U0001ccfa-\U0001ced0\U0001cee0-\U0001cef0\U0001cf50-\U0001cfc3\U0001d000-\U0001d0f5\U0001d100-\U0001d164`,
  String.raw`\U0001d16a-\U0001d16c\U0001d173-\U0001d17a\U0001d183\U0001d184\U0001d18c-\U0001d1a9\U0001d1ae-\U0001d1ea`,
  String.raw`\U0001d200-\U0001d241\U0001d245\U0001d300-\U0001d356\U0001d800-\U0001d9ff\U0001da37-\U0001da3a`,
  String.raw`\U0001da6d-\U0001da74\U0001da76-\U0001da83\U0001da85-\U0001da8b\U0001e14f\U0001e2ff\U0001e5ff`,
  String.raw`\U0001e95e\U0001e95f\U0001ecac\U0001ecb0\U0001ed2e\U0001eef0\U0001eef1\U0001fb00-\U0001fbef\U0001fbfa\U000e0001`,
  String.raw`\U000e0020-\U000e007f\U000f0000-\U0010fffd`,
].join('');

// Writers of documents wait: else they might split words in the old way still, or lock the same documents in another order.
const HOLD_DOCUMENTS = 'LOCK TABLE product_documents IN SHARE ROW EXCLUSIVE MODE';

function wordsSplitAt(signs: string): string {
  return `
    CREATE OR REPLACE FUNCTION words_of(source text) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
    BEGIN
      source := folded(source);
      IF octet_length(source) = length(source) THEN
        RETURN btrim(regexp_replace(source, '[^a-z0-9]+', ' ', 'g'));
      END IF;
      source := regexp_replace(source, '[${UNSPACED}]', ' \\& ', 'g');
      RETURN btrim(regexp_replace(source, '(?:[^a-z0-9\\u0080-\\U0010ffff]|[${signs}])+', ' ', 'g'));
    END
  $$`;
}

// A document holds every text that its product is found by. Most have none of the signs, and stay as they are.
const HAS_SIGNS = `(d.head || d.tail) ~ '[${MORE_SIGNS}]'`;

const RENEW_SEARCH = `
  UPDATE product_documents d SET skus = field.skus, search =
    setweight(to_tsvector('product_search', field.a), 'A') ||
    setweight(to_tsvector('product_search', concat_ws(' ', field.b, field.sku_words)), 'B') ||
    setweight(to_tsvector('product_search', field.c), 'C') || setweight(to_tsvector('product_search', field.d), 'D')
  FROM products p CROSS JOIN LATERAL product_search_fields(p.id) field WHERE p.id = d.product_id AND ${HAS_SIGNS}`;

// Words that no product has any more stay, as they do after any change.
const ADD_WORDS = `
  INSERT INTO search_words (word, lexeme, weight, deletions)
  SELECT word, (ts_lexize('product_stem', word))[1], weight,
    CASE WHEN length(word) BETWEEN 3 AND 12 THEN
      ARRAY(SELECT DISTINCT left(word, place - 1) || substr(word, place + 1) FROM generate_series(1, length(word)) AS place)
    ELSE '{}' END
  FROM (
    SELECT word, min(weight) AS weight
    FROM product_documents d CROSS JOIN LATERAL product_search_fields(d.product_id) field
      CROSS JOIN LATERAL (VALUES ('A', field.a), ('B', field.b), ('C', field.c), ('D', field.d)) AS part (weight, words)
      CROSS JOIN LATERAL string_to_table(words, ' ') AS word
    WHERE ${HAS_SIGNS} AND length(word) <= 40 AND word ~ '[^0-9]'
    GROUP BY word
  ) AS found
  WHERE NOT EXISTS (
    SELECT 1 FROM search_words known WHERE known.word = found.word COLLATE "C" AND known.weight <= found.weight COLLATE "C")`;
