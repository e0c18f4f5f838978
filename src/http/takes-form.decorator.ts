import { applyDecorators } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import { routeFlag } from './route-flag.js';

/** The media type of a form. */
export const FORM_TYPE = 'application/x-www-form-urlencoded';

const flag = routeFlag('takesForm');

/** The route takes a form in place of JSON, and tells OpenAPI so; every other route answers a form with 415. */
export function TakesForm(): MethodDecorator {
  return applyDecorators(flag.mark(), ApiConsumes(FORM_TYPE));
}

/** Whether the route that a request is for takes a form. */
export const takesForm = flag.isOn;
