import type { ReadSource } from '../../database/read-source.js';
import type { SuggestionDto } from './dto/suggestions.dto.js';
import { QueryInterpreter } from './query-interpreter.js';
import { phraseQuery } from './search-phrase.js';

const MAX_SUGGESTIONS = 10;

// Straight from the index of the order by title.
const TITLES_BEGINNING = `
  SELECT (head || tail)::json ->> 'title' AS title, slug FROM product_documents
  WHERE status = 'published' AND sort_title >= lower($1::text) AND sort_title < lower($1::text) || U&'\\+10FFFF'
  ORDER BY sort_title, product_id LIMIT ${2 * MAX_SUGGESTIONS}`;

// Of many, not all are ranked: somebody who types goes on typing. Words in attributes and descriptions do not count.
const TITLES_WITH = `
  SELECT (head || tail)::json ->> 'title' AS title, slug FROM (
    SELECT head, tail, slug, sort_title, product_id, ts_rank('{0, 0, 0.3, 1}', search, $1::tsquery) AS rank FROM (
      SELECT head, tail, slug, sort_title, product_id, search FROM product_documents
      WHERE status = 'published' AND search @@ $1::tsquery LIMIT 1000
    ) matching
  ) ranked WHERE rank > 0 ORDER BY rank DESC, length(sort_title), sort_title, product_id LIMIT ${2 * MAX_SUGGESTIONS}`;

/** Suggests titles for what somebody is typing. */
export class Suggestions {
  constructor(
    private readonly source: ReadSource,
    private readonly interpreter: QueryInterpreter,
  ) {}

  /** At most 10 published products, each title once: those that begin with it, then those with its words or words like them. */
  async for(typed: string): Promise<SuggestionDto[]> {
    const start = typed.trim().replace(/\s+/g, ' ');
    const found = new Map<string, SuggestionDto>();
    const add = async (name: string, text: string, values: unknown[]): Promise<void> => {
      const { rows } = await this.source.query<SuggestionDto>({ name: `suggest-${name}`, text, values });
      rows.filter(({ title }) => !found.has(title)).forEach((row) => found.set(row.title, row));
    };
    if (start !== '') {
      await add('beginning', TITLES_BEGINNING, [start]);
    }
    if (found.size < MAX_SUGGESTIONS) {
      for (const phrase of await this.interpreter.interpretTyped(typed)) {
        if (found.size === 0 || phrase.match === 'all') {
          await add('with', TITLES_WITH, [phraseQuery(phrase)]);
        }
      }
    }
    return [...found.values()].slice(0, MAX_SUGGESTIONS);
  }
}
