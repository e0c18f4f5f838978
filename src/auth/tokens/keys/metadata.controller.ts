import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Settings } from '../../../config/settings.js';
import { ApiProblems } from '../../../http/openapi/api-problems.decorator.js';
import { Problem } from '../../../http/problem.js';
import { Public } from '../../decorators/public.decorator.js';
import { ServerMetadataDto } from './dto/server-metadata.dto.js';

/** Says where a service finds what it needs to check our tokens (RFC 8414). */
@ApiTags('Auth')
@Controller('.well-known/oauth-authorization-server')
export class MetadataController {
  constructor(private readonly settings: Settings) {}

  @Get()
  @Public()
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({
    operationId: 'getServerMetadata',
    summary: 'Read the server metadata',
    description:
      'RFC 8414: the addresses of the keys, of introspection and of revocation, all below `JWT_ISSUER`. There is no ' +
      'authorization endpoint and no grant: people sign in at `POST /v1/auth/login`.',
  })
  @ApiOkResponse({ type: ServerMetadataDto, description: 'The metadata.' })
  @ApiProblems('not-found')
  read(): ServerMetadataDto {
    const { JWT_ISSUER } = this.settings;
    if (!/^https?:/.test(JWT_ISSUER) || !URL.canParse(JWT_ISSUER)) {
      throw new Problem(
        'not-found',
        'JWT_ISSUER is no address, so there is nothing to point at (RFC 8414 2).',
      );
    }
    return ServerMetadataDto.of(JWT_ISSUER);
  }
}
