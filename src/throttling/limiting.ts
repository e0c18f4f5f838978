import type { FastifyReply } from 'fastify';
import { Problem } from '../http/problem.js';
import type { RateLimitState } from './rate-limit.js';

/** Says in the answer what is left of a limit, and refuses the request when nothing is. @throws Problem `too-many-requests` */
export function enforce(reply: FastifyReply, state: RateLimitState): true {
  if (!state.isAllowed) {
    throw tooManyRequests(state);
  }
  reply.header('ratelimit-policy', state.rateLimit.policy).header('ratelimit', fieldOf(state));
  return true;
}

/** The same for a state that may have to be waited for. */
export function enforceWhenKnown(
  reply: FastifyReply,
  state: RateLimitState | Promise<RateLimitState>,
): true | Promise<true> {
  return state instanceof Promise ? state.then((known) => enforce(reply, known)) : enforce(reply, state);
}

/** Refuses the request where one of its hits was not allowed. @throws Problem `too-many-requests` */
export function refuse(states: readonly RateLimitState[]): void {
  const last = states.at(-1);
  if (last?.isAllowed === false) {
    throw tooManyRequests(last);
  }
}

/** A 429 that says how long to wait. */
export function tooManyRequests(state: RateLimitState): Problem {
  const { rateLimit, secondsToWait } = state;
  return new Problem(
    'too-many-requests',
    `Too many requests; try again in ${secondsToWait} s (limit “${rateLimit.name}”).`,
    {
      headers: {
        'retry-after': String(secondsToWait),
        'ratelimit-policy': rateLimit.policy,
        ratelimit: fieldOf(state),
      },
    },
  );
}

// draft-ietf-httpapi-ratelimit-headers-10, section 4.
function fieldOf({ windowName, remaining, secondsToWait }: RateLimitState): string {
  return `"${windowName}";r=${remaining};t=${secondsToWait}`;
}
