import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Problem } from '../../http/problem.js';
import { hasRole } from '../decorators/access-token-claims.js';
import type { AuthenticatedRequest } from '../decorators/authenticated-request.js';
import { AccessRules } from './access-rules.js';

/** Refuses who is signed in but has none of the roles that `@Roles()` asks for. Runs after `JwtAuthGuard`. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly rules: AccessRules) {}

  canActivate(context: ExecutionContext): boolean {
    const { roles } = this.rules.of(context);
    if (roles.length === 0) {
      return true;
    }
    const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (!hasRole(user, ...roles)) {
      throw new Problem('forbidden', `This needs the role ${roles.join(' or ')}.`);
    }
    return true;
  }
}
