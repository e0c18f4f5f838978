import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { ACCESS_EXTENSION, type Access } from '../../http/openapi/access.js';
import type { Role } from '../../users/role.js';

/** Metadata key of an access rule. */
export const ACCESS_RULE = 'latchkey:access';

/** Who may call a route; a route without a rule needs a valid token. */
export interface AccessRule {
  readonly token: 'ignored' | 'optional' | 'required';
  /** One of these is needed; empty means that any signed-in user will do. */
  readonly roles: readonly Role[];
  /** Where it is for services (RFC 6749 2.3): their credentials are needed in place of a token. */
  readonly isForServices?: true;
}

/** What holds where no decorator says otherwise: closed. */
export const CLOSED: AccessRule = { token: 'required', roles: [] };

/** Sets the rule for the guards and tells OpenAPI the same. */
export function access(rule: AccessRule, documented: Access): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(ACCESS_RULE, rule), ApiExtension(ACCESS_EXTENSION, documented));
}
