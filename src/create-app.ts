import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { turnAwayWhileFull } from './auth/passwords/turn-away.js';
import type { Settings } from './config/settings.js';
import { configureHttp } from './http/configure-http.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { createOpenApiDocument } from './http/openapi/document.js';
import { DOCUMENT_PATH, serveOpenApi, UI_PATH } from './http/openapi/swagger-ui.js';
import { measureRequests } from './operations/metrics/measure-requests.js';
import { NestLogger } from './operations/logger.js';
import { logRequests } from './operations/request-log.js';
import { throttleDocuments } from './throttling/throttle-documents.js';
import { throttleRefusals } from './throttling/throttle-refusals.js';

/** Builds the app, ready to listen. @throws whatever keeps it from starting */
export async function createApp(settings: Settings, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = createHttpAdapter(settings, logger);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings), adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  assemble(app, adapter, settings, logger);
  return app;
}

/** Puts around the app what every request passes outside of Nest, and the pages that explain it. */
export function assemble(
  app: NestFastifyApplication,
  adapter: FastifyAdapter,
  settings: Settings,
  logger: Logger,
): void {
  configureHttp(app, adapter, settings);
  throttleRefusals(app);
  logRequests(app, logger);
  measureRequests(app);
  turnAwayWhileFull(app);
  throttleDocuments(app, [DOCUMENT_PATH, UI_PATH]);
  serveOpenApi(app, () => createOpenApiDocument(app), settings.SWAGGER_UI);
}
