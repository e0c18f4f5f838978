import { type TestApp, startTestApp } from './app.js';
import type { Answer, Client } from './client.js';
import { until } from './process.js';

/** Imports lines and waits for the end. */
export interface Importer {
  post(body: string | Buffer, type?: string, query?: string): Promise<Answer>;
  /** What became of the lines; objects are sent as JSON, texts as they are. */
  run(lines: readonly (object | string)[]): Promise<Record<string, unknown>>;
  watch(lines: readonly (object | string)[]): Promise<{ id: string; result: Record<string, unknown> }>;
  /** What became of a body. */
  send(
    body: string | Buffer,
    type?: string,
    query?: string,
  ): Promise<{ id: string; result: Record<string, unknown> }>;
  /** What was wrong with which line. */
  errors(id: string): Promise<{ line: number; reason: string }[]>;
}

/** An importer that speaks to a server as an editor. */
export function importer(client: Client, token: string): Importer {
  const post: Importer['post'] = (body, type = 'application/x-ndjson', query = '') =>
    client.post(`/v1/catalog/imports${query}`, body, { token, headers: { 'content-type': type } });
  const send: Importer['send'] = async (body, type, query) => {
    const started = await post(body, type, query);
    if (started.status !== 202) {
      throw new Error(`not imported: ${started.status} ${started.text}`);
    }
    const { id } = started.body;
    let result: Record<string, unknown> = {};
    await until(async () => {
      result = (await client.get(`/v1/catalog/imports/${id}`, { token })).body;
      return result['finishedAt'] !== null;
    }, 60_000);
    return { id, result };
  };
  const watch: Importer['watch'] = (lines) =>
    send(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return {
    post,
    send,
    watch,
    run: async (lines) => (await watch(lines)).result,
    errors: async (id) => {
      const { text } = await client.get(`/v1/catalog/imports/${id}/errors`, { token });
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
  };
}

/** An app, an editor of it, and their imports. */
export async function startForImports(): Promise<{ app: TestApp; token: string; imports: Importer }> {
  const app = await startTestApp();
  const token = await app.signIn('editor');
  return { app, token, imports: importer(app, token) };
}
