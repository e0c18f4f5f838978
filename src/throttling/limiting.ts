import type { FastifyReply } from 'fastify';
import { Problem } from '../http/problem.js';
import type { RateLimit, RateLimitState } from './rate-limit.js';
import { policyOf } from './rate-limits.js';

/** Says in the answer what is left of a limit, and refuses the request when nothing is. @throws Problem `too-many-requests` */
export function enforce(
  reply: FastifyReply,
  rateLimit: RateLimit,
  policy: string,
  state: RateLimitState,
): true {
  const remaining = `"${rateLimit.name}";r=${state.remaining};t=${state.secondsToWait}`;
  if (!state.isAllowed) {
    throw tooManyRequests(rateLimit, state);
  }
  reply.header('ratelimit-policy', policy).header('ratelimit', remaining);
  return true;
}

/** A 429 that says how long to wait. */
export function tooManyRequests(rateLimit: RateLimit, { remaining, secondsToWait }: RateLimitState): Problem {
  return new Problem(
    'too-many-requests',
    `The limit “${rateLimit.name}” is used up; try again in ${secondsToWait} s.`,
    {
      headers: {
        'retry-after': String(secondsToWait),
        'ratelimit-policy': policyOf(rateLimit),
        ratelimit: `"${rateLimit.name}";r=${remaining};t=${secondsToWait}`,
      },
    },
  );
}
