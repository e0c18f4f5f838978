import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../decorators/public.decorator.js';
import { KeyRing } from './key-ring.js';
import type { PublishedJwk } from './ring-key.js';

/** Publishes what other services need to verify our tokens (RFC 7517 5). */
@ApiTags('Auth')
@Controller('.well-known/jwks.json')
export class JwksController {
  constructor(private readonly keyRing: KeyRing) {}

  @Get()
  @Public()
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({
    operationId: 'getJwks',
    summary: 'Read the public signing keys',
    description: 'A JWK Set (RFC 7517). Empty with HS256, which has no public key.',
  })
  @ApiOkResponse({
    description: 'The keys.',
    schema: {
      type: 'object',
      required: ['keys'],
      properties: { keys: { type: 'array', items: { type: 'object', additionalProperties: true } } },
      example: {
        keys: [
          {
            kty: 'EC',
            crv: 'P-256',
            kid: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11',
            use: 'sig',
            alg: 'ES256',
            x: '…',
            y: '…',
          },
        ],
      },
    },
  })
  read(): { keys: readonly PublishedJwk[] } {
    return { keys: this.keyRing.publicKeys() };
  }
}
