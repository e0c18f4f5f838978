import type { RequestListener } from 'node:http';
import {
  constants,
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { timeStream } from './connection-timeout.js';
import { mayTakeLong } from './long-uploads.js';
import { ignoreExpectations } from './expectations.js';
import { rerouteUnknownMethod } from './unreadable-request.js';

/** The most requests at once on one HTTP/2 connection (RFC 9113 6.5.2). */
const MAX_STREAMS = 100;

/** Milliseconds. */
export interface Timeouts {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  readonly connectionTimeout: number;
  readonly connectionsCheckingInterval: number;
}

/**
 * Serves HTTP/2 to who speaks it and HTTP/1.1 to all others on one port (RFC 7301). Node's own HTTP/2 server takes
 * HTTP/1.1 too, but waits for its slow clients for ever: here each protocol has a server that does not.
 */
export function createTlsServer(listener: RequestListener, options: ServerOptions & Timeouts): Server {
  const http1 = createServer(
    {
      ...options,
      handshakeTimeout: options.headersTimeout,
      requireHostHeader: false,
      ALPNProtocols: ['h2', 'http/1.1'],
    },
    listener,
  );
  http1.setTimeout(options.connectionTimeout);
  const http2 = createSecureServer({ settings: { maxConcurrentStreams: MAX_STREAMS } });
  // Node itself would answer CONNECT, ahead of all that is counted and logged.
  for (const event of ['request', 'connect']) {
    http2.on(event, (request: Http2ServerRequest, response: Http2ServerResponse) => {
      rerouteUnknownMethod(request);
      Reflect.apply(listener, http1, [request, response]);
    });
  }
  ignoreExpectations(http2);
  http2.on('stream', (stream: ServerHttp2Stream) => {
    cutOffSlowBody(stream, options.requestTimeout);
    timeStream(stream, options.connectionTimeout);
  });

  const sessions = new Set<Http2Session>();
  http2.on('session', (session: Http2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.setTimeout(options.keepAliveTimeout, () => session.close());
  });
  const closeIdleConnections = http1.closeIdleConnections.bind(http1);
  http1.closeIdleConnections = () => {
    closeIdleConnections();
    sessions.forEach((session) => session.close());
  };

  const serveHttp1 = http1.listeners('secureConnection');
  http1.removeAllListeners('secureConnection');
  http1.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') {
      http2.emit('secureConnection', socket);
      return;
    }
    serveHttp1.forEach((serve) => Reflect.apply(serve, http1, [socket]));
  });
  return http1;
}

function cutOffSlowBody(stream: ServerHttp2Stream, timeout: number): void {
  if (stream.endAfterHeaders) {
    return;
  }
  const timer = setTimeout(() => {
    if (!mayTakeLong(stream)) {
      stream.close(constants.NGHTTP2_CANCEL);
    }
  }, timeout);
  stream.once('end', () => clearTimeout(timer));
  stream.once('close', () => clearTimeout(timer));
}
