import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';

/** The media types of bodies that are read as they come, however long they are. */
export const STREAM_TYPES = ['application/x-ndjson', 'text/csv'] as const;

/** The route reads a body as it comes, without the usual limit, and tells OpenAPI so; every other route answers 415. */
export function TakesStream(): MethodDecorator {
  return applyDecorators(
    RouteConfig({ takesStream: true }),
    ApiConsumes(...STREAM_TYPES),
    ApiBody({ required: true, schema: { type: 'string', format: 'binary' } }),
  );
}

/** Whether the route that a request is for reads a stream. */
export function takesStream({
  routeOptions,
}: {
  readonly routeOptions: { readonly config: object };
}): boolean {
  return 'takesStream' in routeOptions.config;
}
