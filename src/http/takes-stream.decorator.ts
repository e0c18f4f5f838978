import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { routeFlag } from './route-flag.js';

/** The media types of bodies that are read as they come, however long they are. */
export const STREAM_TYPES = ['application/x-ndjson', 'text/csv'] as const;

const flag = routeFlag('takesStream');

/** The route reads a body as it comes, without the usual limit, and tells OpenAPI so; every other route answers 415. */
export function TakesStream(): MethodDecorator {
  return applyDecorators(
    flag.mark(),
    ApiConsumes(...STREAM_TYPES),
    ApiBody({ required: true, schema: { type: 'string', format: 'binary' } }),
  );
}

/** Whether the route that a request is for reads a stream. */
export const takesStream = flag.isOn;
