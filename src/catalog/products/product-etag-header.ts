import { ETAG_HEADER } from '../openapi.decorators.js';

/** How OpenAPI describes the `ETag` of a product, in each answer that has it. */
export const PRODUCT_ETAG_HEADER = {
  ...ETAG_HEADER,
  description:
    'The entity tag of the product. In `If-Match` only what stands before the dot counts, its revision.',
  schema: { type: 'string' as const, example: '"3.2b6f0e7a8c11"' },
};
