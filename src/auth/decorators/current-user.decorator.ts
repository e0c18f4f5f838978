import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from './authenticated-request.js';

/**
 * The claims of the caller's access token; `undefined` for a guest on a route with `@OptionalToken()`.
 * Never anything on a `@Public()` route.
 */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<AuthenticatedRequest>().user,
);
