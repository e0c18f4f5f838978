import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Settings } from '../config/settings.js';
import { Problem } from './problem.js';
import { makeRequestId } from './request-id.js';

/** The largest body of an ordinary request, in bytes. */
export const BODY_LIMIT = 1_048_576;

/** Security headers of answers that are given before Nest's own hook sets its: they need nothing from anywhere. */
export const HARMLESS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** The Fastify server under Nest: ids, limits, trusted proxies, TLS, and problems for what never reaches Nest. */
export function createHttpAdapter(settings: Settings, logger: FastifyBaseLogger): FastifyAdapter {
  return new FastifyAdapter({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: makeRequestId,
    requestIdHeader: false,
    trustProxy: settings.TRUSTED_PROXIES.length > 0 ? settings.TRUSTED_PROXIES : false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      answerUnroutable(request, reply, error.message),
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => answerUnparsable(error, socket),
    ...(settings.TLS_CERT_FILE && settings.TLS_KEY_FILE
      ? {
          https: {
            cert: readFileSync(settings.TLS_CERT_FILE),
            key: readFileSync(settings.TLS_KEY_FILE),
            minVersion: 'TLSv1.2',
          },
        }
      : {}),
  });
}

function answerUnroutable(request: FastifyRequest, reply: FastifyReply, detail: string): void {
  const problem = new Problem('bad-request', detail);
  const id = request.id;
  void reply
    .code(400)
    .header('x-request-id', id)
    .headers(HARMLESS)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem.toBody(id)));
}

// What Node's parser refused has no request: the answer is written by hand, as node:http documents it.
function answerUnparsable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const statusLine =
    error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const id = makeRequestId();
  const problem = new Problem('bad-request', 'The request is not valid HTTP.').toBody(id);
  const body = JSON.stringify({ ...problem, status: Number(statusLine.slice(0, 3)) });
  const headerLines = Object.entries(HARMLESS).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${statusLine}\r\nX-Request-Id: ${id}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `${headerLines.join('')}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
