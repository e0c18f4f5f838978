import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../../http/caller.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { TakesForm } from '../../http/takes-form.decorator.js';
import { ForServices } from '../decorators/for-services.decorator.js';
import { CurrentService } from './current-service.decorator.js';
import { TokenFormDto } from './dto/token-form.dto.js';
import type { ServiceClient } from './service-client.entity.js';
import { TokenFromForm } from './token-from-form.decorator.js';
import { TokenRevocationService } from './token-revocation.service.js';

/** Token revocation (RFC 7009). */
@ApiTags('Services')
@ForServices()
@Controller('v1/oauth/revoke')
export class RevocationController {
  constructor(private readonly revocation: TokenRevocationService) {}

  @Post()
  @HttpCode(200)
  @TakesForm()
  @ApiOperation({
    operationId: 'revokeToken',
    summary: 'Take a token back',
    description:
      'RFC 7009. An access token is refused from the answer on; a refresh token ends its session, with every access ' +
      'token of it. 200 also for what is no token, or none any more.',
  })
  @ApiBody({ type: TokenFormDto })
  @ApiOkResponse({ description: 'It is refused from now on, if it was good at all.' })
  @ApiProblems('invalid-request', 'payload-too-large', 'unsupported-media-type')
  async revoke(
    @TokenFromForm() token: string,
    @CurrentService() service: ServiceClient,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    await this.revocation.revoke(token, service, caller);
  }
}
