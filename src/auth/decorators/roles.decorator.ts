import type { Role } from '../../users/role.js';
import { access } from './access-rule.js';

/** Who is signed in and has one of these roles may call the route; `admin` may call every route. */
export function Roles(...roles: readonly [Role, ...Role[]]): MethodDecorator & ClassDecorator {
  return access({ token: 'required', roles }, roles);
}
