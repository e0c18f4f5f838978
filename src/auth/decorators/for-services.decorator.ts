import { applyDecorators } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { access } from './access-rule.js';

/**
 * Services with credentials of their own may call the route (RFC 6749 2.3), and nobody else. It has limits of its own:
 * by service, and by address for those who fail to say who they are.
 */
export function ForServices(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    access({ token: 'ignored', roles: [], isForServices: true }, 'service'),
    SkipThrottle(),
  );
}
