import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS_RULE, type AccessRule, CLOSED } from '../decorators/access-rule.js';

/** The rule of each route handler, read from its decorators once. */
@Injectable()
export class AccessRules {
  private readonly rules = new Map<unknown, AccessRule>();

  constructor(private readonly reflector: Reflector) {}

  /** The rule of the handler, else of its controller, else closed. */
  of(context: ExecutionContext): AccessRule {
    const handler = context.getHandler();
    const known = this.rules.get(handler);
    if (known) {
      return known;
    }
    const rule =
      this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [handler, context.getClass()]) ??
      CLOSED;
    this.rules.set(handler, rule);
    return rule;
  }
}
