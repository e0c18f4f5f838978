import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes } from '@nestjs/swagger';

/** The media type of a form. */
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The route takes a form in place of JSON, and tells OpenAPI so; every other route answers a form with 415. */
export function TakesForm(): MethodDecorator {
  return applyDecorators(RouteConfig({ takesForm: true }), ApiConsumes(FORM_TYPE));
}

/** Whether the route that a request is for takes a form. */
export function takesForm({ routeOptions }: { readonly routeOptions: { readonly config: object } }): boolean {
  return 'takesForm' in routeOptions.config;
}
