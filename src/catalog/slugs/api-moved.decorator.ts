import { ApiResponse } from '@nestjs/swagger';
import { locationHeader } from '../openapi.decorators.js';

/** Tells OpenAPI that an old slug leads to the present one. */
export function ApiMoved(path: string): MethodDecorator {
  return ApiResponse({
    status: 301,
    description: 'It was an old slug. Caches ask again each time, because another may take it.',
    headers: { Location: { ...locationHeader(path), description: 'The same by its present slug.' } },
  });
}
