import { access } from './access-rule.js';

/** Anybody may call the route; a token that is sent must be valid, and may show more. */
export function OptionalToken(): MethodDecorator & ClassDecorator {
  return access({ token: 'optional', roles: [] }, 'optional');
}
