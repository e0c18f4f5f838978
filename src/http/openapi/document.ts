import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PROBLEM_KINDS, type ProblemCode } from '../problem-codes.js';
import { ACCESS_EXTENSION, type Access, FRESH_EXTENSION } from './access.js';
import { PROBLEMS_EXTENSION } from './api-problems.decorator.js';
import { ProblemDto } from './problem.dto.js';
import { problemAnswers } from './problem-answers.js';

/** In which ways an access token may be sent. */
const SCHEMES = [{ bearer: [] }, { dpop: [] }];

type Operation = Record<string, unknown> & { responses?: Record<string, unknown> };

/** How OpenAPI says who may call; whatever is not here needs an access token. */
const SECURITY: Readonly<Record<string, object[]>> = {
  public: [],
  optional: [{}, ...SCHEMES],
  service: [{ basic: [] }],
};

/** The OpenAPI document of the app: the same at every build of the same source. */
export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Latchkey')
    .setVersion('1.0.0')
    .setDescription(
      'The back end of a headless shop: accounts, access tokens that can be taken back, and a catalog.',
    )
    .setContact('Latchkey', 'https://latchkey.example', 'hello@latchkey.example')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addTag('Auth', 'Register, sign in, refresh, sign out; sessions and keys.')
    .addTag('Users', 'Your own account, and everybody’s for administrators.')
    .addTag('Catalog', 'Categories, products and variants.')
    .addTag('Services', 'For services that are shown our tokens: introspection and revocation.')
    .addTag('Operation', 'Health, for whoever runs it.')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'The `accessToken` of `POST /v1/auth/login`.',
      },
      'bearer',
    )
    .addBasicAuth(
      {
        type: 'http',
        scheme: 'basic',
        description: 'The id and secret of a service, made by `npm run clients -- create`.',
      },
      'basic',
    )
    .addSecurity('dpop', {
      type: 'http',
      scheme: 'dpop',
      description:
        'The `accessToken` of a session that is bound to a key (`"tokenType": "DPoP"`), with a proof in the header `DPoP` ' +
        'of each request (RFC 9449 7.1).',
    })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [ProblemDto],
    ignoreGlobalPrefix: true,
  });
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      if (isOperation(operation)) {
        finish(operation);
      }
    }
  }
  return document;
}

// What the decorators noted becomes what OpenAPI says: who may call, and every problem it can answer with.
function finish(operation: Operation): void {
  const access = accessOf(operation[ACCESS_EXTENSION]);
  const noted = operation[PROBLEMS_EXTENSION];
  const isFresh = FRESH_EXTENSION in operation;
  delete operation[ACCESS_EXTENSION];
  delete operation[FRESH_EXTENSION];
  delete operation[PROBLEMS_EXTENSION];
  operation['security'] = SECURITY[String(access)] ?? SCHEMES;
  const codes = new Set<ProblemCode>([
    ...codesOf(access),
    ...(isFresh ? (['insufficient-user-authentication'] as const) : []),
    ...(Array.isArray(noted) ? noted.filter(isCode) : []),
    'too-many-requests',
    'unavailable',
  ]);
  operation.responses = { ...problemAnswers([...codes]), ...operation.responses };
}

function codesOf(access: Access): ProblemCode[] {
  if (access === 'public') {
    return [];
  }
  if (access === 'optional') {
    return ['invalid-token', 'invalid-dpop-proof'];
  }
  if (access === 'service') {
    return ['invalid-client'];
  }
  return access === 'signed-in'
    ? ['unauthenticated', 'invalid-token', 'invalid-dpop-proof']
    : ['unauthenticated', 'invalid-token', 'invalid-dpop-proof', 'forbidden'];
}

function accessOf(value: unknown): Access {
  if (value === 'public' || value === 'optional' || value === 'service') {
    return value;
  }
  return Array.isArray(value) ? value.map(String) : 'signed-in';
}

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'operationId' in value;
}

function isCode(value: unknown): value is ProblemCode {
  return typeof value === 'string' && Object.hasOwn(PROBLEM_KINDS, value);
}
