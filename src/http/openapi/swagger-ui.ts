import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Serves Swagger UI at `/docs` and the document at `/openapi.json`; without the UI, the document alone. */
export function serveOpenApi(app: INestApplication, document: OpenAPIObject, withUi: boolean): void {
  SwaggerModule.setup('docs', app, document, {
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
