import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { TakesForm } from '../../http/takes-form.decorator.js';
import { ForServices } from '../decorators/for-services.decorator.js';
import { CurrentService } from './current-service.decorator.js';
import { IntrospectionDto } from './dto/introspection.dto.js';
import { TokenFormDto } from './dto/token-form.dto.js';
import { IntrospectionService } from './introspection.service.js';
import type { ServiceClient } from './service-client.entity.js';
import { TokenFromForm } from './token-from-form.decorator.js';

/** Token introspection (RFC 7662). */
@ApiTags('Services')
@ForServices()
@Controller('v1/oauth/introspect')
export class IntrospectionController {
  constructor(private readonly introspection: IntrospectionService) {}

  @Post()
  @HttpCode(200)
  @TakesForm()
  @ApiOperation({
    operationId: 'introspectToken',
    summary: 'Ask whether a token is good',
    description:
      'RFC 7662. Sees every revocation. Whatever is not a living token of ours is `{"active": false}`. Private claims ' +
      '(`roles`, `sid`, `email`) are told only to services that were made with them.',
  })
  @ApiBody({ type: TokenFormDto })
  @ApiOkResponse({ type: IntrospectionDto, description: 'What the token is.' })
  @ApiProblems('invalid-request', 'payload-too-large', 'unsupported-media-type')
  async introspect(
    @TokenFromForm() token: string,
    @CurrentService() service: ServiceClient,
  ): Promise<IntrospectionDto> {
    return this.introspection.introspect(token, service);
  }
}
