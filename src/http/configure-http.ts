import { Server as TlsServer } from 'node:tls';
import fastifyCors from '@fastify/cors';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import { ignoreExpectations } from './expectations.js';
import { FORM_LIMIT, readFormBody } from './form-body.js';
import { keepClientIp, wasThere } from './client-ip.js';
import { wrongHost } from './host-header.js';
import { BODY_LIMIT } from './http-adapter.js';
import { InputPipe } from './input.pipe.js';
import { readJsonBody } from './json-body.js';
import { shedLoad } from './load-shedding.js';
import { Problem } from './problem.js';
import { timeAnswer } from './connection-timeout.js';
import { UI_PATH } from './openapi/swagger-ui.js';
import { ProblemFilter, UNKNOWN_TYPE } from './problem.filter.js';
import { DOCS_POLICY, securityHeaders } from './security-headers.js';
import { followTlsFiles, tlsFilesOf } from './tls-files.js';
import { FORM_TYPE, takesForm } from './takes-form.decorator.js';
import { STREAM_TYPES, takesStream } from './takes-stream.decorator.js';

/** Headers that a page on another origin may read. */
const EXPOSED_HEADERS =
  'ETag, Location, X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate';

/** Everything that each request and response passes before it reaches a controller, and after. */
export function configureHttp(
  app: NestFastifyApplication,
  adapter: FastifyAdapter,
  settings: Settings,
): void {
  const headers = securityHeaders({ https: settings.servesHttps });
  const fastify = adapter.getInstance();
  adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    keepClientIp(request);
    if (!wasThere(request)) {
      reply.hijack(); // nobody is left to be answered, or to be counted
      return;
    }
    timeAnswer(reply, settings.CONNECTION_TIMEOUT * 1000);
    reply.headers(headers).header('x-request-id', request.id);
    if (request.url.startsWith(UI_PATH)) {
      reply.header('content-security-policy', DOCS_POLICY);
    }
    done();
  });
  // Over HTTP/2 what was never answered ends like an answer.
  adapter.setOnResponseHook((request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
    if (wasThere(request)) {
      done();
    }
  });
  allowOrigins(fastify, settings.CORS_ORIGINS);
  // From here on pages on other origins can read why they are refused.
  shedLoad(fastify, settings.MAX_EVENT_LOOP_DELAY);
  fastify.after(() => {
    fastify.addHook('onRequest', (request, _reply, done) => {
      const insecure = settings.isProduction ? insecureTransport(request) : undefined;
      done(insecure ?? wrongHost(request) ?? codedBody(request));
    });
  });
  app.enableCsrfProtection({ trustedOrigins: settings.CORS_ORIGINS });
  const tlsFiles = tlsFilesOf(settings);
  const { server } = fastify;
  server.maxConnections = settings.MAX_CONNECTIONS;
  ignoreExpectations(server);
  if (tlsFiles && server instanceof TlsServer) {
    followTlsFiles(server, tlsFiles);
  }
  acceptBodies(app, adapter);
  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(new ProblemFilter());
}

function allowOrigins(fastify: FastifyInstance, origins: readonly string[]): void {
  const allowed = [...origins]; // the plugin's type asks for a list that it may change
  // Not app.enableCors(), which writes its headers to the bare response, so that Node merges them one by one: 10 us.
  void fastify.register(fastifyCors, {
    // A request without an Origin is of no page: it is answered without headers for one.
    origin: (origin, decide) => decide(null, origin === undefined ? false : allowed),
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'DPoP', 'If-Match', 'If-None-Match'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: 600,
    // OPTIONS that is no preflight is answered like one; the plugin would refuse it with plain text.
    strictPreflight: false,
  });
}

// Nest's and Fastify's own parsers take text and forms anywhere, and are laxer about what both may hold.
function acceptBodies(app: NestFastifyApplication, adapter: FastifyAdapter): void {
  adapter.getInstance().removeAllContentTypeParsers();
  for (const type of ['application/json', 'application/merge-patch+json']) {
    app.useBodyParser(type, { bodyLimit: BODY_LIMIT }, (request, body, done) => {
      if (takesStream(request)) {
        done(null); // the route itself refuses it, once it knows who asks
        return;
      }
      read(body, done, (bytes) => (takesForm(request) ? refuseType() : readJsonBody(bytes)));
    });
  }
  app.useBodyParser(FORM_TYPE, { bodyLimit: FORM_LIMIT }, (request, body, done) => {
    read(body, done, (bytes) => (takesForm(request) ? readFormBody(bytes) : refuseType()));
  });
  adapter.getInstance().addContentTypeParser([...STREAM_TYPES], (request, payload, done) => {
    read(Buffer.alloc(0), done, () => (takesStream(request) ? payload : refuseType()));
  });
}

function read(
  body: string | Buffer,
  done: (error: Error | null, parsed?: unknown) => void,
  parse: (bytes: Buffer) => unknown,
): void {
  try {
    done(null, parse(Buffer.isBuffer(body) ? body : Buffer.from(body)));
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
  }
}

function refuseType(): never {
  throw new Problem('unsupported-media-type', UNKNOWN_TYPE);
}

function insecureTransport(request: FastifyRequest): Problem | undefined {
  if (request.protocol === 'https' || request.url.startsWith('/health/')) {
    return undefined;
  }
  return new Problem('forbidden', 'This API is served over HTTPS only.');
}

// Unpacking is where a few bytes become a gigabyte, so nobody's body is unpacked (RFC 9110 15.5.16).
function codedBody({ headers }: FastifyRequest): Problem | undefined {
  const coding = headers['content-encoding'];
  if (coding === undefined || coding === 'identity') {
    return undefined;
  }
  return new Problem('unsupported-media-type', 'Send the body as it is, without a Content-Encoding.', {
    headers: { 'accept-encoding': 'identity' },
  });
}
