import { BEAUTY } from './beauty.js';
import { BIKES } from './bikes.js';
import { CLOTHING } from './clothing.js';
import { ELECTRONICS } from './electronics.js';
import { expandProduct } from './expand-product.js';
import { GARDEN } from './garden.js';
import { HOME } from './home.js';
import { OFFICE } from './office.js';
import { OUTDOORS } from './outdoors.js';
import { PETS } from './pets.js';
import { readDepartment } from './read-department.js';
import type { SampleCatalog } from './shapes.js';
import { TOOLS } from './tools.js';
import { TOYS } from './toys.js';

export type { SampleCatalog, SampleCategory, SampleProduct, SampleVariant } from './shapes.js';

const DEPARTMENTS: readonly string[] = [
  ELECTRONICS,
  HOME,
  OUTDOORS,
  CLOTHING,
  GARDEN,
  TOYS,
  OFFICE,
  BEAUTY,
  PETS,
  BIKES,
  TOOLS,
];

/** The shop that a development installation begins with: some 500 products in 60 categories, the same at every call. */
export function sampleCatalog(): SampleCatalog {
  const departments = DEPARTMENTS.map(readDepartment);
  return {
    categories: departments.flatMap(({ categories }) => categories),
    products: departments.flatMap(({ products }) => products.map(expandProduct)),
  };
}
