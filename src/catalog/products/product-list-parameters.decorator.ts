import { applyDecorators } from '@nestjs/common';
import { ApiQuery, type ApiQueryOptions } from '@nestjs/swagger';
import {
  MAX_ATTRIBUTE_FILTERS,
  MAX_QUERY_LENGTH,
  MAX_VALUES,
  PRODUCT_SORTS, // prettier-ignore
} from '../documents/product-list-query.js';
import { MAX_AMOUNT } from '../money.dto.js';
import { PRODUCT_STATUSES } from './product.entity.js';

type Schema = Extract<ApiQueryOptions, { schema: unknown }>['schema'];

const PRICE = { type: 'integer', minimum: 0, maximum: MAX_AMOUNT } as const;

/**
 * The parameters of a list of products, as `readProductListQuery` reads them. Swagger UI sends the examples, and leaves out
 * what is empty: together they find something.
 */
const PARAMETERS: Readonly<Record<string, readonly [description: string, schema: Schema]>> = {
  q: [
    'What to search for in title, brand, categories, SKUs, attributes and description. Misspelt words find what was meant; a SKU puts its product first.',
    { type: 'string', minLength: 1, maxLength: MAX_QUERY_LENGTH, example: 'running shoes' },
  ],
  category: [
    'Slug of a category, such as `headphones`, also one that it had before; products of its whole subtree are listed.',
    { type: 'string', example: '' },
  ],
  brand: [
    'Give it more than once for any of several brands.',
    { type: 'array', items: { type: 'string' }, maxItems: MAX_VALUES, example: [] },
  ],
  minPrice: [
    'The lowest price of a product, in minor units, must be this or more.',
    { ...PRICE, example: 0 },
  ],
  maxPrice: [
    'The lowest price of a product, in minor units, must be this or less.',
    { ...PRICE, example: 100_000 },
  ],
  inStock: ['Only what has a variant in stock, or only what has none.', { type: 'boolean', example: true }],
  sort: [
    '`relevance` begins with what answers `q` best, and is there with `q` only, where it is the default. `newest` begins with what was published last, `price` and `title` rise, `-price` falls. The default without `q` is `newest`.',
    { type: 'string', enum: [...PRODUCT_SORTS], example: 'relevance' },
  ],
  status: [
    'For editors.',
    { type: 'string', enum: [...PRODUCT_STATUSES], default: 'published', example: 'published' },
  ],
  limit: [
    'How many products to answer with.',
    { type: 'integer', minimum: 1, maximum: 100, default: 20, example: 20 },
  ],
  cursor: [
    '`nextCursor` of the page before, with the same filters and order; leave it out for the first page.',
    { type: 'string', example: '' },
  ],
  count: [
    '`true` adds `total`: how many products the filters let through.',
    { type: 'boolean', default: false, example: false },
  ],
  facets: [
    '`true` adds `facets`: what the list can be narrowed by, with counts. Each facet counts what all filters but its own let through. Above some 10,000 products the counts are estimates.',
    { type: 'boolean', default: false, example: false },
  ],
};

const ATTRIBUTES: ApiQueryOptions = {
  name: 'attributes',
  required: false,
  style: 'deepObject',
  explode: true,
  description:
    `\`attributes[color]=red\`: the attribute has this value, or holds it in its list. Given more than once for one attribute, ` +
    `any of the values; \`attributes[color][]=red\` is read alike. At most ${MAX_ATTRIBUTE_FILTERS} attributes with ${MAX_VALUES} values each.`,
  schema: {
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    example: {},
  },
};

/** Tells OpenAPI the parameters of a list of products. */
export function ApiProductListParameters(): MethodDecorator {
  return applyDecorators(
    ApiQuery(ATTRIBUTES),
    ...Object.entries(PARAMETERS).map(([name, [description, schema]]) =>
      ApiQuery({ name, required: false, description, schema }),
    ),
  );
}
