import { Injectable } from '@nestjs/common';
import { hasRole } from '../auth/decorators/access-token-claims.js';
import type { AuthenticatedRequest } from '../auth/decorators/authenticated-request.js';
import type { RowSource } from '../database/row-source.js';
import { Replicas } from '../database/replicas/replicas.js';
import { CategoryTree } from './categories/category-tree.js';
import { DocumentReader } from './documents/document-reader.js';
import { ProductListReader } from './documents/product-list-reader.js';
import { Facets } from './search/facets.service.js';
import { KnownWords } from './search/known-words.js';
import { QueryInterpreter } from './search/query-interpreter.js';
import { RelevancePages } from './search/relevance-pages.js';
import { Suggestions } from './search/suggestions.service.js';
import { OldSlugs } from './slugs/old-slugs.js';

/** All that reads the catalog, on one server: what a request reads has to hang together. */
export interface ServerReaders {
  readonly documents: DocumentReader;
  readonly lists: ProductListReader;
  readonly suggestions: Suggestions;
  readonly categories: CategoryTree;
  readonly oldSlugs: OldSlugs;
}

/** Reads the catalog: from a replica for those who cannot have changed it, from the primary for all others. */
@Injectable()
export class CatalogReaders {
  private readonly bySource: ReadonlyMap<RowSource, ServerReaders>;
  private readonly primary: ServerReaders;

  constructor(private readonly replicas: Replicas) {
    this.primary = readersOn(replicas.primarySource);
    this.bySource = new Map(replicas.all.map((replica) => [replica, readersOn(replica)]));
  }

  /** Those that the whole of a request is to be answered with. */
  for(request: AuthenticatedRequest): ServerReaders {
    // Who may have changed something reads it at once.
    const replica = hasRole(request.user, 'editor') ? null : this.replicas.next();
    return (replica && this.bySource.get(replica)) ?? this.primary;
  }
}

function readersOn(source: RowSource): ServerReaders {
  const interpreter = new QueryInterpreter(new KnownWords(source));
  const oldSlugs = new OldSlugs(source);
  return {
    documents: new DocumentReader(source),
    lists: new ProductListReader(
      source,
      interpreter,
      new RelevancePages(source),
      new Facets(source),
      oldSlugs,
    ),
    suggestions: new Suggestions(source, interpreter),
    categories: new CategoryTree(source),
    oldSlugs,
  };
}
