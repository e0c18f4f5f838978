import type { RowSource } from '../../database/row-source.js';
import type { SuggestionDto } from './dto/suggestions.dto.js';
import { QueryInterpreter } from './query-interpreter.js';
import { phraseQuery } from './search-phrase.js';
import { MAX_RANKED } from './tiers.js';

const MAX_SUGGESTIONS = 10;

// Straight from the index of the order by title. Signs of which nothing is left begin every title.
const TITLES_BEGINNING = `
  SELECT (head || tail)::json ->> 'title' AS title, slug FROM product_documents
  WHERE status = 'published' AND sort_key($1::text) <> ''
    AND sort_title >= sort_key($1::text) AND sort_title < sort_key($1::text) || U&'\\+10FFFF'
  ORDER BY sort_title, product_id LIMIT ${2 * MAX_SUGGESTIONS}`;

// Words in attributes and descriptions do not count. Titles with the words are enough where there are enough of them; of
// many, the newest are compared: somebody who types goes on typing.
const TITLES_WITH = `
  WITH in_title AS MATERIALIZED (
    SELECT product_id FROM product_documents WHERE status = 'published' AND title_words @@ $1::tsquery
    ORDER BY product_id DESC LIMIT ${MAX_RANKED}
  ), in_name AS MATERIALIZED (
    SELECT product_id FROM product_documents
    WHERE (SELECT count(*) FROM in_title) < ${2 * MAX_SUGGESTIONS} AND status = 'published' AND name_words @@ $1::tsquery
    ORDER BY product_id DESC LIMIT ${MAX_RANKED}
  )
  SELECT (head || tail)::json ->> 'title' AS title, slug FROM (
    SELECT product_id, ts_rank('{0, 0, 0.3, 1}', search, $1::tsquery) AS rank, length(sort_title) AS length, sort_title
    FROM (SELECT * FROM in_title UNION SELECT * FROM in_name) matching JOIN product_documents USING (product_id)
    ORDER BY rank DESC, length, sort_title, product_id LIMIT ${2 * MAX_SUGGESTIONS}
  ) ranked JOIN product_documents USING (product_id) ORDER BY rank DESC, length, ranked.sort_title, product_id`;

/** Suggests titles for what somebody is typing. */
export class Suggestions {
  constructor(
    private readonly source: RowSource,
    private readonly interpreter: QueryInterpreter,
  ) {}

  /** At most 10 published products, each title once: those that begin with it, then those with its words or words like them. */
  async for(typed: string): Promise<SuggestionDto[]> {
    const start = typed.trim().replace(/\s+/g, ' ');
    const found = new Map<string, SuggestionDto>();
    const add = async (text: string, value: string, name?: string): Promise<void> => {
      const { rows } = await this.source.query<SuggestionDto>({ name, text, values: [value] });
      rows.filter(({ title }) => !found.has(title)).forEach((row) => found.set(row.title, row));
    };
    if (start !== '') {
      await add(TITLES_BEGINNING, start, 'suggest-beginning');
    }
    if (found.size < MAX_SUGGESTIONS) {
      for (const phrase of await this.interpreter.interpretTyped(typed)) {
        if (found.size === 0 || phrase.match === 'all') {
          // Without a name: how it is best read depends on how common the words are.
          await add(TITLES_WITH, phraseQuery(phrase));
        }
      }
    }
    return [...found.values()].slice(0, MAX_SUGGESTIONS);
  }
}
