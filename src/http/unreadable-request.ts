import { METHODS } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The longest part of a path that is taken for an id or a slug, in characters. */
export const MAX_PATH_PART = 512;

/** Where requests are answered that no route can read. */
export const UNREADABLE_PATH = '/unreadable-path';

// This is no proxy: it connects nobody (RFC 9110 9.3.6).
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS.filter((method) => method !== 'CONNECT'));
const MAX_METHOD_LENGTH = 32;

/** Sends a request whose path Fastify's router refuses there: ahead of all hooks it would not be counted, measured or logged. */
export function routeUnreadable(
  fastify: FastifyInstance,
  { raw }: FastifyRequest,
  { raw: answer }: FastifyReply,
): void {
  Object.assign(raw, { originalUrl: raw.url, url: UNREADABLE_PATH });
  fastify.routing(raw, answer);
}

/**
 * Sends a request of a method that there is not there, for the same reason. HTTP/1.1 knows its methods, and the parser refuses all others;
 * HTTP/2 takes any word (RFC 9113 8.3.1).
 */
export function rerouteUnknownMethod(request: Http2ServerRequest): void {
  const { authority, method, url } = request;
  if (!KNOWN_METHODS.has(method)) {
    const originalMethod = method.slice(0, MAX_METHOD_LENGTH);
    Object.assign(request, {
      originalMethod,
      method: 'GET',
      originalUrl: url ?? authority,
      url: UNREADABLE_PATH,
    });
  }
}

/** Whether a client has asked for a method that there is. */
export function hasKnownMethod({ raw }: FastifyRequest): boolean {
  return !('originalMethod' in raw);
}

/** The method that a client has asked for; of one that there is not, at most 32 characters. */
export function askedMethod({ method, raw }: FastifyRequest): string {
  return 'originalMethod' in raw ? String(raw.originalMethod) : method;
}
