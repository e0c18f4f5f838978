import type { FastifyRequest } from 'fastify';

interface KnownClient {
  clientIp?: string;
}

/** Keeps the address of a request's client: over HTTP/2, and where the client has left, it cannot be told at the end. */
export function keepClientIp(request: FastifyRequest & KnownClient): void {
  request.clientIp = request.ip;
}

/** The address of a request's client; behind a trusted proxy the one that the proxy names. */
export function clientIpOf(request: FastifyRequest & KnownClient): string {
  return request.clientIp ?? request.ip;
}
