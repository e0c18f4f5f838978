import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '../../http/problem.js';
import { Clock } from '../../time/clock.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import type { AuthenticatedRequest } from '../decorators/authenticated-request.js';
import { dpopChallenge } from '../dpop/challenge.js';
import { unauthenticated } from '../strategies/bearer-token.js';

/** Metadata key of `@Fresh()`: minutes. */
export const FRESH = 'latchkey:fresh';

/** Refuses who proved their password longer ago than `@Fresh()` allows. Runs after every global guard. */
@Injectable()
export class FreshGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly clock: Clock,
  ) {}

  canActivate(context: ExecutionContext): true {
    const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (!user) {
      throw unauthenticated();
    }
    const maxAge = (this.reflector.get<number | undefined>(FRESH, context.getHandler()) ?? 0) * 60;
    if (this.clock.seconds() - user.auth_time > maxAge) {
      throw tooLongAgo(maxAge, user);
    }
    return true;
  }
}

// RFC 9470 3: the challenge says how old the proof may be, in seconds.
function tooLongAgo(maxAge: number, { cnf }: AccessTokenClaims): Problem {
  const parameters =
    'error="insufficient_user_authentication", ' +
    `error_description="A more recent authentication is required", max_age="${maxAge}"`;
  const challenge = cnf ? dpopChallenge(parameters) : `Bearer ${parameters}`;
  return new Problem(
    'insufficient-user-authentication',
    `Your password was proved more than ${maxAge / 60} minutes ago: prove it again.`,
    { headers: { 'www-authenticate': challenge } },
  );
}
