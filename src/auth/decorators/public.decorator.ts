import { access } from './access-rule.js';

/** Anybody may call the route, and no token is looked at. */
export function Public(): MethodDecorator & ClassDecorator {
  return access({ token: 'ignored', roles: [] }, 'public');
}
