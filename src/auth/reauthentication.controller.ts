import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../http/caller.decorator.js';
import { ApiProblems } from '../http/openapi/api-problems.decorator.js';
import { CountedLater } from '../throttling/counted-later.decorator.js';
import { NotCountedByPrincipal } from '../throttling/not-counted-by-principal.decorator.js';
import { ThrottleAuth } from '../throttling/throttle-auth.decorator.js';
import type { AccessTokenClaims } from './decorators/access-token-claims.js';
import { CurrentUser } from './decorators/current-user.decorator.js';
import { AccessTokenDto } from './dto/access-token.dto.js';
import { ReauthenticateDto } from './dto/reauthenticate.dto.js';
import { ReauthenticationService } from './reauthentication.service.js';

/** Proving the password again within a session, where a route asks for it (RFC 9470). */
@ApiTags('Auth')
@Controller('v1/auth/reauthenticate')
export class ReauthenticationController {
  constructor(private readonly reauthentication: ReauthenticationService) {}

  @Post()
  @ThrottleAuth()
  @CountedLater()
  @NotCountedByPrincipal()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'reauthenticate',
    summary: 'Prove your password again',
    description:
      'For routes that answer `insufficient-user-authentication`. The session goes on; its refresh token stays as it ' +
      'is. Where there is a second factor, it is asked for, too.',
  })
  @ApiOkResponse({ type: AccessTokenDto, description: 'An access token that says when you did.' })
  @ApiProblems(
    'bad-request',
    'invalid-credentials',
    'mfa-required',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type',
  )
  async reauthenticate(
    @CurrentUser() claims: AccessTokenClaims,
    @Body() body: ReauthenticateDto,
    @FromCaller() caller: Caller,
  ): Promise<AccessTokenDto> {
    return AccessTokenDto.of(await this.reauthentication.reauthenticate(claims, body, caller));
  }
}
