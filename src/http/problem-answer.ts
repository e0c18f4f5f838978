import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from './problem.js';

/** Makes the answer to a request one of a problem: its status and headers. Returns the body, which is still to be sent. */
export function problemAnswer(request: FastifyRequest, reply: FastifyReply, problem: Problem): string {
  reply
    .code(problem.getStatus())
    .headers({ 'cache-control': 'no-store', ...problem.headers })
    .type('application/problem+json; charset=utf-8');
  return JSON.stringify(problem.toBody(request.id));
}
