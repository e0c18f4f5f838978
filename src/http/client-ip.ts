import type { FastifyRequest } from 'fastify';

interface KnownClient {
  clientIp?: string;
}

/**
 * Keeps the address of a request's client: over HTTP/2, and where the client has left, it cannot be told at the end. There is
 * none by now where the client has reset the connection right behind the request.
 */
export function keepClientIp(request: FastifyRequest & KnownClient): void {
  request.clientIp = request.ip;
}

/** Whether a client was still there when its request was read. */
export function wasThere({ clientIp }: FastifyRequest & KnownClient): boolean {
  return clientIp !== undefined;
}

/** The address of a request's client; behind a trusted proxy the one that the proxy names. Requests without one end early. */
export function clientIpOf({ clientIp }: FastifyRequest & KnownClient): string {
  if (clientIp === undefined) {
    throw new Error('A request without the address of its client was not ended.');
  }
  return clientIp;
}
