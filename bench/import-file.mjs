// A file to import: the sample catalog over and over, as NDJSON.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sampleCatalog } from '../dist/seed/sample-catalog/sample-catalog.js';
import { copies } from './catalog-database.mjs';

/** Writes the same products as `CatalogLoader` gets, as lines of an import. */
export async function writeProducts(file, size) {
  const { categories, products } = sampleCatalog();
  const bySlug = new Map(categories.map((category) => [category.slug, category]));
  const pathOf = (slug) => {
    const { name, parentSlug } = bySlug.get(slug);
    return parentSlug === null ? name : `${pathOf(parentSlug)}/${name}`;
  };
  function* lines() {
    for (const { slug, title, description, brand, status, attributes, categorySlugs, variants } of copies(
      products,
      size,
    )) {
      const line = {
        slug,
        title,
        description,
        brand,
        status,
        attributes,
        categories: categorySlugs.map(pathOf),
        variants,
      };
      yield `${JSON.stringify(line)}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
}
