import type { FastifyReply } from 'fastify';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends a document as it is: not parsed, not serialised again. */
export function sendJsonText(reply: FastifyReply, text: string): void {
  reply.header('content-type', JSON_TYPE).send(text);
}

/**
 * Headers of what guests may keep but must ask about again, and what a token may show more of. What is
 * answered to a token is not kept: `JwtAuthGuard` has said `no-store`.
 */
export function allowRevalidation(reply: FastifyReply, isGuest: boolean, maxAge = 0): void {
  if (isGuest) {
    reply.header('cache-control', `public, max-age=${maxAge}, must-revalidate`);
  }
  addVary(reply, 'Authorization');
}

/** Adds names of headers to those by which the answer varies already. */
export function addVary(reply: FastifyReply, names: string): void {
  const vary = reply.getHeader('vary');
  reply.header('vary', vary === undefined ? names : `${String(vary)}, ${names}`);
}
