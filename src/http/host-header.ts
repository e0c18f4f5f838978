import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

/**
 * What is wrong with the Host header: HTTP/1.1 asks for one line of it (RFC 9112 3.2), HTTP/1.0 for one at most. Node would
 * refuse a request without it, ahead of all that is counted and logged, and take the first of several.
 */
export function wrongHost({ raw }: FastifyRequest): Problem | undefined {
  const count = raw.httpVersionMajor === 1 ? countHosts(raw.rawHeaders) : 1;
  if (count === 1 || (count === 0 && raw.httpVersion === '1.0')) {
    return undefined;
  }
  return new Problem('bad-request', 'A request must have one Host header.', {
    headers: { connection: 'close' },
  });
}

// Names and values in turn.
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') {
      count++;
    }
  }
  return count;
}
