import type { MoneyDto } from '../money.dto.js';
import type { FacetsDto, FacetValueDto, PriceFacetDto } from './dto/facets.dto.js';
import { readFacetValue } from './facet-value.js';

/** A row of `facetsQuery`. */
export interface FacetRow {
  readonly value: string;
  readonly products: number;
  readonly isEstimate: boolean;
  /** Of a category. */
  readonly name: string | null;
  readonly path: string | null;
}

/** Where the ranges of prices begin, in minor units: those by which `product_search_fields` of the database counts. */
const RANGES = [0, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];

/** Puts what was counted into the shape that the API answers with. */
export function facetsFrom(rows: readonly FacetRow[], bounds: readonly MoneyDto[]): FacetsDto {
  const read = rows.map(({ value, products, name: categoryName, path }) => ({
    ...readFacetValue(value),
    products,
    categoryName,
    path,
  }));
  const of = (letter: string) => read.filter(({ facet }) => facet === letter);
  return {
    categories: of('c').flatMap(({ value, categoryName, path, products }) =>
      // A category may have gone between two statements.
      categoryName === null || path === null
        ? []
        : [{ slug: value, name: categoryName, path, count: products }],
    ),
    brands: of('b').map(toValue),
    price: priceFrom(bounds, of('p').map(toValue)),
    attributes: byName(of('a')),
    estimated: rows.some(({ isEstimate }) => isEstimate),
  };
}

function byName(
  values: readonly { name: string; value: string; products: number }[],
): FacetsDto['attributes'] {
  const names = new Map<string, FacetValueDto[]>();
  for (const value of values) {
    names.set(value.name, [...(names.get(value.name) ?? []), toValue(value)]);
  }
  return Object.fromEntries(names);
}

function toValue({ value, products }: { value: string; products: number }): FacetValueDto {
  return { value, count: products };
}

function priceFrom([min, max]: readonly MoneyDto[], counted: readonly FacetValueDto[]): PriceFacetDto | null {
  if (min === undefined || max === undefined) {
    return null;
  }
  const ranges = RANGES.flatMap((start, index) => {
    const count = counted.find(({ value }) => value === String(index))?.count;
    const next = RANGES[index + 1];
    return count === undefined ? [] : [{ min: start, max: next === undefined ? null : next - 1, count }];
  });
  return { min, max, ranges };
}
