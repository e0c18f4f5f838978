import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The longest part of a path that is taken for an id or a slug, in characters. */
export const MAX_PATH_PART = 512;

/** Where requests are answered whose path no route can read. */
export const UNREADABLE_PATH = '/unreadable-path';

/** Sends a request whose path Fastify's router refuses there: ahead of all hooks it would not be counted, measured or logged. */
export function routeUnreadable(
  fastify: FastifyInstance,
  { raw }: FastifyRequest,
  { raw: answer }: FastifyReply,
): void {
  Object.assign(raw, { originalUrl: raw.url, url: UNREADABLE_PATH });
  fastify.routing(raw, answer);
}
