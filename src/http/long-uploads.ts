import type { IncomingMessage } from 'node:http';
import { Http2ServerRequest, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Connections (HTTP/1.1) and streams (HTTP/2) whose body may take longer than `REQUEST_TIMEOUT`. */
const exempt = new WeakSet<object>();

/** Whether the body that comes over this connection or stream may take longer than `REQUEST_TIMEOUT`. */
export function mayTakeLong(carrier: object): boolean {
  return exempt.has(carrier);
}

/**
 * Lets the body of a request take as long as something of it comes every `idleMs`. Answers with what ends that: call it
 * when the body has been read.
 */
export function allowLongUpload({ raw }: FastifyRequest, idleMs: number): () => void {
  const carrier = carrierOf(raw);
  exempt.add(carrier);
  const cutOff = () => raw.destroy();
  carrier.setTimeout(idleMs, cutOff);
  return () => {
    exempt.delete(carrier);
    carrier.removeListener('timeout', cutOff);
    carrier.setTimeout(0);
  };
}

// Over HTTP/2 many requests share a connection, and each has a stream. Fastify's types know HTTP/1.1 only.
function carrierOf(request: IncomingMessage | Http2ServerRequest): Socket | ServerHttp2Stream {
  return request instanceof Http2ServerRequest ? request.stream : request.socket;
}
