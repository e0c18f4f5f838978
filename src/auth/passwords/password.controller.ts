import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, FromCaller } from '../../http/caller.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { CountedLater } from '../../throttling/counted-later.decorator.js';
import { NotCountedByPrincipal } from '../../throttling/not-counted-by-principal.decorator.js';
import { ThrottleAuth } from '../../throttling/throttle-auth.decorator.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { CurrentUser } from '../decorators/current-user.decorator.js';
import { Fresh } from '../decorators/fresh.decorator.js';
import { DeviceCookie, SETS_DEVICE_COOKIE } from '../devices/device-cookie.js';
import { ChangePasswordService } from './change-password.service.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';

/** The caller's own password. */
@ApiTags('Auth')
@Controller('v1/auth/password')
export class PasswordController {
  constructor(
    private readonly changePassword: ChangePasswordService,
    private readonly devices: DeviceCookie,
  ) {}

  @Post('change')
  @ThrottleAuth()
  @CountedLater()
  @NotCountedByPrincipal()
  @Fresh(5)
  @HttpCode(204)
  @ApiOperation({
    operationId: 'changePassword',
    summary: 'Change your password',
    description: 'Every other session ends; this one goes on.',
  })
  @ApiNoContentResponse({ description: 'Changed.', headers: SETS_DEVICE_COOKIE })
  @ApiProblems(
    'bad-request',
    'invalid-credentials',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type',
  )
  async change(
    @CurrentUser() claims: AccessTokenClaims,
    @Body() body: ChangePasswordDto,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { session, account } = await this.changePassword.change(claims, body, caller);
    this.devices.deliverIn(session, reply, account);
  }
}
