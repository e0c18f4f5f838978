import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { csvText } from '../formats/csv-text.js';
import type { ImportFormat } from '../formats/import-format.js';
import { type CatalogLine, type ExportedDocument, catalogLine } from '../formats/catalog-line.js';

const PAGE = 200;

const DOCUMENTS = `
  SELECT slug, head || tail AS body FROM product_documents WHERE slug > $1 ORDER BY slug LIMIT ${PAGE}`;

/** The whole catalog as text, in the order of the slugs, page by page: no transaction stays open for it. */
@Injectable()
export class CatalogExport {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** How many products there are. */
  async count(): Promise<number> {
    const [row] = await this.dataSource.query<{ count: number }[]>(
      'SELECT count(*)::integer AS count FROM product_documents',
    );
    return row?.count ?? 0;
  }

  /** The text, in pieces of some hundred products; `onProducts` is told how many each holds. */
  text(format: ImportFormat, onProducts: (count: number) => void = () => undefined): AsyncIterable<string> {
    const pages = this.pages(onProducts);
    return format === 'ndjson' ? ndjsonText(pages) : csvText(pages);
  }

  private async *pages(onProducts: (count: number) => void): AsyncGenerator<CatalogLine[]> {
    let last = '';
    for (;;) {
      const rows = await this.dataSource.query<{ slug: string; body: string }[]>(DOCUMENTS, [last]);
      if (rows.length > 0) {
        // The database made it from the columns of the product, so it is one.
        yield rows.map(({ body }) => catalogLine(JSON.parse(body) as ExportedDocument));
        onProducts(rows.length);
      }
      if (rows.length < PAGE) {
        return;
      }
      last = rows.at(-1)?.slug ?? last;
    }
  }
}

async function* ndjsonText(pages: AsyncIterable<CatalogLine[]>): AsyncGenerator<string> {
  for await (const lines of pages) {
    yield lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
}
