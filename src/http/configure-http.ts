import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import { BODY_LIMIT, HARMLESS } from './http-adapter.js';
import { InputPipe } from './input.pipe.js';
import { readJsonBody } from './json-body.js';
import { Problem } from './problem.js';
import { ProblemFilter } from './problem.filter.js';

/** Headers that a page on another origin may read. */
const EXPOSED_HEADERS = [
  'ETag',
  'Location',
  'X-Request-Id',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
];

const API_POLICY = {
  defaultSrc: "'none'",
  frameAncestors: "'none'",
  baseUri: "'none'",
  formAction: "'none'",
};

/** Swagger UI brings its scripts and styles from here, draws inline SVG, and styles its elements inline. */
const DOCS_POLICY =
  "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;font-src 'self';" +
  "connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'";

/** Everything that each request and response passes before it reaches a controller, and after. */
export function configureHttp(
  app: NestFastifyApplication,
  adapter: FastifyAdapter,
  settings: Settings,
): void {
  adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => {
    reply.raw.setHeader('x-request-id', request.id);
    if (request.method === 'OPTIONS') {
      reply.headers(HARMLESS);
    }
    if (request.url.startsWith('/docs')) {
      reply.header('content-security-policy', DOCS_POLICY);
    }
    done(settings.isProduction ? insecureTransport(request) : undefined);
  });
  app.enableCors({
    origin: settings.CORS_ORIGINS,
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'DPoP', 'If-Match', 'If-None-Match'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: 600,
  });
  app.useSecurityHeaders({
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    strictTransportSecurity: settings.servesHttps,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    xFrameOptions: { action: 'deny' },
  });
  app.enableCsrfProtection({ trustedOrigins: settings.CORS_ORIGINS });
  acceptJsonOnly(app, adapter);
  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(new ProblemFilter());
}

// Nest's and Fastify's own parsers take text and forms too, and are laxer about what JSON may hold.
function acceptJsonOnly(app: NestFastifyApplication, adapter: FastifyAdapter): void {
  adapter.getInstance().removeAllContentTypeParsers();
  for (const type of ['application/json', 'application/merge-patch+json']) {
    app.useBodyParser(type, { bodyLimit: BODY_LIMIT }, (_request, body, done) => {
      try {
        done(null, readJsonBody(Buffer.isBuffer(body) ? body : Buffer.from(body)));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}

function insecureTransport(request: FastifyRequest): Problem | undefined {
  if (request.protocol === 'https' || request.url.startsWith('/health/')) {
    return undefined;
  }
  return new Problem('forbidden', 'This API is served over HTTPS only.');
}
