import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Where the OpenAPI document is. */
export const DOCUMENT_PATH = '/openapi.json';

/** Where Swagger UI and its files are. */
export const UI_PATH = '/docs';

/**
 * Serves Swagger UI at `/docs` and the document at `/openapi.json`; without the UI, the document alone. It is made when it
 * is first asked for, which a start need not wait for, and written once: writing it takes milliseconds.
 */
export function serveOpenApi(
  app: NestFastifyApplication,
  makeDocument: () => OpenAPIObject,
  withUi: boolean,
): void {
  let document: OpenAPIObject | undefined;
  let bytes: Buffer | undefined;
  const made = () => (document ??= makeDocument());
  app
    .getHttpAdapter()
    .getInstance()
    .get(DOCUMENT_PATH, (_request, reply) => {
      bytes ??= Buffer.from(JSON.stringify(made()));
      return reply.type('application/json; charset=utf-8').send(bytes);
    });
  if (withUi) {
    SwaggerModule.setup(UI_PATH, app, made, {
      raw: false,
      customSiteTitle: 'Latchkey API',
      swaggerOptions: {
        persistAuthorization: false,
        withCredentials: true,
        displayRequestDuration: true,
        tryItOutEnabled: true,
      },
    });
  }
}
