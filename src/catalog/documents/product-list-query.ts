import { type InputFault, Problem } from '../../http/problem.js';
import { hasAtMost } from '../input/text-length.js';
import { MAX_AMOUNT } from '../money.dto.js';
import { PRODUCT_STATUSES, type ProductStatus } from '../products/product.entity.js';

export const PRODUCT_SORTS = ['relevance', 'newest', 'price', '-price', 'title'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];

/** An attribute and the values that it may have: any of these. */
export interface AttributeFilter {
  readonly name: string;
  readonly values: readonly string[];
}

/** Which products to list, in which order, and from where on. Prices in minor units. */
export interface ProductListQuery {
  readonly status: ProductStatus;
  /** What to search for. */
  readonly q?: string;
  readonly category?: string;
  /** The slug that the category has now, where `category` is one that it had before. */
  readonly presentCategory?: string;
  /** Any of these. */
  readonly brands?: readonly string[];
  readonly minPrice?: number;
  readonly maxPrice?: number;
  readonly inStock?: boolean;
  readonly attributes?: readonly AttributeFilter[];
  /** `relevance` only with `q`. */
  readonly sort: ProductSort;
  readonly limit: number;
  readonly cursor?: string;
  readonly count: boolean;
  readonly facets: boolean;
}

/** What is listed where a parameter is left out. */
export const DEFAULT_LIST: ProductListQuery = {
  status: 'published',
  sort: 'newest',
  limit: 20,
  count: false,
  facets: false,
};

/** Whether a list is of all that is published, or of all in a category. */
export function isWithoutFilters(query: ProductListQuery): boolean {
  const { status, q, brands, attributes, minPrice, maxPrice, inStock } = query;
  return (
    status === DEFAULT_LIST.status &&
    q === undefined &&
    brands === undefined &&
    attributes === undefined &&
    minPrice === undefined &&
    maxPrice === undefined &&
    inStock === undefined
  );
}

/** The longest query, in characters. */
export const MAX_QUERY_LENGTH = 200;
export const MAX_VALUES = 20;
export const MAX_ATTRIBUTE_FILTERS = 10;

const MAX_LENGTH = 200;
const MAX_ATTRIBUTE_LENGTH = 500;
const MAX_FAULTS = 20;

type Changes = { -readonly [Name in keyof ProductListQuery]?: ProductListQuery[Name] };

/** Reads one parameter into `changes`; answers with what is wrong with it, or `null`. */
type Reader = (value: unknown, changes: Changes) => string | null;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['status', oneOf(PRODUCT_STATUSES, (changes, value) => (changes.status = value))],
  ['q', text(MAX_QUERY_LENGTH, (changes, value) => (changes.q = value))],
  ['category', text(MAX_LENGTH, (changes, value) => (changes.category = value))],
  ['brand', texts(MAX_LENGTH, (changes, values) => (changes.brands = values))],
  ['minPrice', wholeNumber(0, MAX_AMOUNT, (changes, value) => (changes.minPrice = value))],
  ['maxPrice', wholeNumber(0, MAX_AMOUNT, (changes, value) => (changes.maxPrice = value))],
  ['inStock', oneOf(['true', 'false'] as const, (changes, value) => (changes.inStock = value === 'true'))],
  ['sort', oneOf(PRODUCT_SORTS, (changes, value) => (changes.sort = value))],
  ['limit', wholeNumber(1, 100, (changes, value) => (changes.limit = value))],
  ['cursor', cursorText],
  ['count', oneOf(['true', 'false'] as const, (changes, value) => (changes.count = value === 'true'))],
  ['facets', oneOf(['true', 'false'] as const, (changes, value) => (changes.facets = value === 'true'))],
]);

// What it ends with is how forms and libraries write a list: `attributes[color][]=red`, `attributes[color][0]=red`.
const ATTRIBUTE_PARAMETER = /^attributes\[([^\0]{1,128}?)\](?:\[\d*\])?$/;

/**
 * Reads the query of a list. By hand, because this is the busiest route: a class with decorators costs as
 * much as the read itself.
 * @throws Problem `validation-failed` that points at each wrong parameter, such as `/query/limit`
 */
export function readProductListQuery(parameters: Readonly<Record<string, unknown>>): ProductListQuery {
  const changes: Changes = {};
  const faults: InputFault[] = [];
  for (const name in parameters) {
    const read = READERS.get(name) ?? readerOfAttribute(name);
    const detail = read ? read(parameters[name], changes) : 'is not a known parameter';
    if (detail !== null) {
      faults.push({ pointer: `/query/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, detail });
    }
    if (faults.length === MAX_FAULTS) {
      break;
    }
  }
  if (changes.sort === 'relevance' && changes.q === undefined) {
    faults.push({ pointer: '/query/sort', detail: 'can be relevance only where there is a q' });
  }
  if (faults.length > 0) {
    const names = faults.map(({ pointer }) => pointer.slice('/query'.length)).join(', ');
    throw new Problem('validation-failed', `Some parameters are not allowed: ${names}.`, { errors: faults });
  }
  return { ...DEFAULT_LIST, ...(changes.q !== undefined && { sort: 'relevance' }), ...changes };
}

function oneOf<Value extends string>(
  allowed: readonly Value[],
  set: (changes: Changes, value: Value) => void,
): Reader {
  return (value, changes) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) {
      return `must be one of ${allowed.join(', ')}, given once`;
    }
    set(changes, found);
    return null;
  };
}

function wholeNumber(min: number, max: number, set: (changes: Changes, value: number) => void): Reader {
  return (value, changes) => {
    const number = typeof value === 'string' && /^\d{1,13}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) {
      return `must be a whole number from ${min} to ${max}, given once`;
    }
    set(changes, number);
    return null;
  };
}

function text(max: number, set: (changes: Changes, value: string) => void): Reader {
  return (value, changes) => {
    if (!isText(value, max)) {
      return `must be a text of 1 to ${max} characters, given once`;
    }
    set(changes, value);
    return null;
  };
}

function texts(max: number, set: (changes: Changes, values: string[]) => void): Reader {
  return (value, changes) => {
    const given = listOf(value);
    const values = given.filter((one) => isText(one, max));
    if (values.length !== given.length || values.length > MAX_VALUES) {
      return `must be a text of 1 to ${max} characters, given at most ${MAX_VALUES} times`;
    }
    set(changes, values);
    return null;
  };
}

// Whatever is no cursor of ours is refused by whoever reads it (400, where all else that is wrong is 422).
function cursorText(value: unknown, changes: Changes): string | null {
  if (typeof value !== 'string') {
    return 'must be a text, given once';
  }
  changes.cursor = value;
  return null;
}

function readerOfAttribute(parameter: string): Reader | undefined {
  const name = ATTRIBUTE_PARAMETER.exec(parameter)?.[1];
  if (name === undefined) {
    return undefined;
  }
  // The same attribute may have been written in another way before.
  return (value, changes) => {
    const { attributes = [] } = changes;
    const others = attributes.filter((attribute) => attribute.name !== name);
    const known = attributes.find((attribute) => attribute.name === name)?.values ?? [];
    if (others.length === MAX_ATTRIBUTE_FILTERS) {
      return `is one attribute too many: there can be ${MAX_ATTRIBUTE_FILTERS}`;
    }
    const read = texts(MAX_ATTRIBUTE_LENGTH, (into, values) => {
      into.attributes = [...others, { name, values }];
    });
    return read([...known, ...listOf(value)], changes);
  };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

// PostgreSQL has no NUL in its texts.
function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value !== '' && hasAtMost(max, value) && !value.includes('\0');
}
