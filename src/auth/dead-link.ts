import { Problem } from '../http/problem.js';

/** Refuses a token from a mail; the same whatever was wrong. It says nothing about an access token. */
export function deadLink(): Problem {
  return new Problem(
    'invalid-token',
    'This link is wrong, used, replaced by a newer one or expired: ask for another one.',
  );
}
