import type { FastifyRequest } from 'fastify';

/** The value of a cookie of the request, as it was sent (RFC 6265 5.4), if there is one of that name. */
export function requestCookie(request: FastifyRequest, name: string): string | undefined {
  const prefix = `${name}=`;
  const cookies = request.headers.cookie?.split(';').map((cookie) => cookie.trim()) ?? [];
  return cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length);
}
