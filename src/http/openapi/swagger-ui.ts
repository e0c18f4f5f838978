import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/**
 * Serves Swagger UI at `/docs` and the document at `/openapi.json`; without the UI, the document alone. It is made when it
 * is first asked for: a start need not wait for it.
 */
export function serveOpenApi(
  app: INestApplication,
  makeDocument: () => OpenAPIObject,
  withUi: boolean,
): void {
  SwaggerModule.setup('docs', app, makeDocument, {
    ui: withUi,
    raw: ['json'],
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Latchkey API',
    swaggerOptions: {
      persistAuthorization: false,
      withCredentials: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
    },
  });
}
