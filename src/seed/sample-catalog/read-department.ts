import { slugFrom } from '../../catalog/slug.js';
import { type ProductLine, readProductLine } from './read-product-line.js';
import type { SampleCategory } from './shapes.js';

/** What the table of a department says. */
export interface Department {
  readonly categories: readonly SampleCategory[];
  readonly products: readonly ProductLine[];
}

/**
 * Reads the table of a department: first its categories, `Name: description`, each level indented by two
 * spaces more; then `# Name` of a category, and below it its products, one a line (read-product-line.ts).
 * @throws Error that quotes the line that cannot be read
 */
export function readDepartment(table: string, position: number): Department {
  const [tree = '', ...sections] = table.split(/^# /m);
  const products = sections.flatMap((section) => {
    const [name = '', ...lines] = linesOf(section);
    return lines.map((line) => readProductLine(line, slugFrom(name)));
  });
  return { categories: readTree(linesOf(tree), position), products };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function readTree(lines: readonly string[], position: number): SampleCategory[] {
  const categories: SampleCategory[] = [];
  const lineage: string[] = [];
  for (const line of lines) {
    const [, indent, name, description] = /^((?: {2})*)(\S[^:]*): (.+)$/.exec(line) ?? [];
    if (indent === undefined || name === undefined || description === undefined) {
      throw new Error(`This line of the sample catalog is no category: ${line}`);
    }
    lineage.length = Math.min(lineage.length, indent.length / 2);
    const parentSlug = lineage.at(-1) ?? null;
    const siblings = categories.filter((category) => category.parentSlug === parentSlug);
    const slug = slugFrom(name);
    categories.push({
      slug,
      name,
      description,
      parentSlug,
      position: parentSlug === null ? position : siblings.length,
    });
    lineage.push(slug);
  }
  return categories;
}
