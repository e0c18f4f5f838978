import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerFactory,
} from 'fastify';
import type { Settings } from '../config/settings.js';
import { Problem } from './problem.js';
import { makeRequestId } from './request-id.js';
import { securityHeaders } from './security-headers.js';
import { type TlsFiles, readTlsFiles, tlsFilesOf } from './tls-files.js';
import { type Timeouts, createTlsServer } from './tls-server.js';
import { mayTakeLong } from './long-uploads.js';
import { MAX_PATH_PART, routeUnreadable } from './unreadable-request.js';

/** How long a client that was told that it is cut off may take to hang up, in milliseconds. */
const LINGER = 1000;

/** The largest body of an ordinary request, in bytes. */
export const BODY_LIMIT = 1_048_576;

/** The Fastify server under Nest: ids, limits, trusted proxies, TLS, and problems for what never reaches Nest. */
export function createHttpAdapter(settings: Settings, logger: FastifyBaseLogger): FastifyAdapter {
  const tlsFiles = tlsFilesOf(settings);
  const timeouts = {
    headersTimeout: settings.HEADERS_TIMEOUT * 1000,
    requestTimeout: settings.REQUEST_TIMEOUT * 1000,
    keepAliveTimeout: settings.KEEP_ALIVE_TIMEOUT * 1000,
    connectionTimeout: settings.CONNECTION_TIMEOUT * 1000,
    connectionsCheckingInterval: Math.min(settings.HEADERS_TIMEOUT, settings.REQUEST_TIMEOUT) * 250,
  };
  const headers = { ...securityHeaders({ https: settings.servesHttps }), 'cache-control': 'no-store' };
  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: makeRequestId,
    requestIdHeader: false,
    // A logger of its own for each request costs 7 us; what we log of a request names its id itself.
    childLoggerFactory: (parent: FastifyBaseLogger) => parent,
    trustProxy: settings.TRUSTED_PROXIES.length > 0 ? settings.TRUSTED_PROXIES : false,
    bodyLimit: BODY_LIMIT,
    ...timeouts,
    http: { ...timeouts, requireHostHeader: false },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_PATH_PART, ignoreTrailingSlash: true },
    frameworkErrors: (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      routeUnreadable(adapter.getInstance(), request, reply),
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) =>
      answerUnparsable(error, socket, headers),
    ...(tlsFiles && { serverFactory: tlsServerFactory(tlsFiles, timeouts) }),
  });
  return adapter;
}

function tlsServerFactory(files: TlsFiles, timeouts: Timeouts): FastifyServerFactory {
  return (listener) => createTlsServer(listener, { ...timeouts, ...readTlsFiles(files) });
}

type Headers = Readonly<Record<string, string>>;

const UNPARSABLE: ReadonlyMap<string | undefined, readonly [statusLine: string, detail: string]> = new Map([
  ['HPE_HEADER_OVERFLOW', ['431 Request Header Fields Too Large', 'The headers are too large.']],
  ['ERR_HTTP_REQUEST_TIMEOUT', ['408 Request Timeout', 'The request took too long to arrive.']],
]);

// What Node's parser refused has no request: the answer is written by hand, as node:http documents it.
function answerUnparsable(error: NodeJS.ErrnoException, socket: Socket, headers: Headers): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && mayTakeLong(socket)) {
    return; // Node asks once a request
  }
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [statusLine, detail] = UNPARSABLE.get(error.code) ?? [
    '400 Bad Request',
    'The request is not valid HTTP.',
  ];
  const id = makeRequestId();
  const problem = new Problem('bad-request', detail).toBody(id);
  const body = JSON.stringify({ ...problem, status: Number(statusLine.slice(0, 3)) });
  const headerLines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${statusLine}\r\nX-Request-Id: ${id}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `${headerLines.join('')}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  // Closed at once, the answer could be lost on its way; left to the client, it could stay open for ever.
  setTimeout(() => socket.destroy(), LINGER).unref();
}
