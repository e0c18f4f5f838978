import { applyDecorators } from '@nestjs/common';
import { ApiQuery, type ApiQueryOptions } from '@nestjs/swagger';
import { PRODUCT_SORTS } from '../documents/product-list-query.js';
import { MAX_AMOUNT } from '../money.dto.js';
import { PRODUCT_STATUSES } from './product.entity.js';

type Schema = Extract<ApiQueryOptions, { schema: unknown }>['schema'];

const PRICE = { type: 'integer', minimum: 0, maximum: MAX_AMOUNT } as const;

/** The parameters of a list of products, as `readProductListQuery` reads them. */
const PARAMETERS: Readonly<Record<string, readonly [description: string, schema: Schema]>> = {
  category: [
    'Slug of a category; products of its whole subtree are listed.',
    { type: 'string', example: 'running-shoes' },
  ],
  brand: [
    'Give it more than once for any of several brands.',
    { type: 'array', items: { type: 'string' }, maxItems: 20, example: ['Fjellbris'] },
  ],
  minPrice: [
    'The lowest price of a product, in minor units, must be this or more.',
    { ...PRICE, example: 1000 },
  ],
  maxPrice: [
    'The lowest price of a product, in minor units, must be this or less.',
    { ...PRICE, example: 10_000 },
  ],
  inStock: ['Only what has a variant in stock, or only what has none.', { type: 'boolean', example: true }],
  sort: [
    '`newest` begins with what was published last, `price` and `title` rise, `-price` falls.',
    { type: 'string', enum: [...PRODUCT_SORTS], default: 'newest', example: 'price' },
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
    { type: 'string', maxLength: 2000, example: 'WyJwcm9kdWN0cyBuZXdlc3QiLCIyMDI2Il0' },
  ],
  count: [
    '`true` adds `total`: how many products the filters let through.',
    { type: 'boolean', default: false, example: false },
  ],
};

/** Tells OpenAPI the parameters of a list of products. */
export function ApiProductListParameters(): MethodDecorator {
  return applyDecorators(
    ...Object.entries(PARAMETERS).map(([name, [description, schema]]) =>
      ApiQuery({ name, required: false, description, schema }),
    ),
  );
}
