import { Body, Controller, Header, HttpCode, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, FromCaller } from '../../http/caller.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { ThrottleAuth } from '../../throttling/throttle-auth.decorator.js';
import { Public } from '../decorators/public.decorator.js';
import { DeviceCookie, SETS_DEVICE_COOKIE } from '../devices/device-cookie.js';
import { ForgotPasswordDto } from './dto/forgot-password.dto.js';
import { ResetPasswordDto } from './dto/reset-password.dto.js';
import { ForgotPasswordService } from './forgot-password.service.js';
import { ResetPasswordService } from './reset-password.service.js';

/** A password that was forgotten. */
@ApiTags('Auth')
@Controller('v1/auth/password')
export class PasswordResetController {
  constructor(
    private readonly forgotPassword: ForgotPasswordService,
    private readonly resetPassword: ResetPasswordService,
    private readonly devices: DeviceCookie,
  ) {}

  @Post('forgot')
  @Public()
  @ThrottleAuth()
  @HttpCode(202)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'forgotPassword',
    summary: 'Ask for a new password',
    description:
      'Mails a link that works once, for 30 minutes, and takes the place of an older one. The answer is the same whether ' +
      'or not there is such an account. An account gets 5 such mails in 15 minutes; asking more often is answered in the ' +
      'same way, and sends nothing.',
  })
  @ApiAcceptedResponse({ description: 'If there is such an account, the mail is on its way.' })
  @ApiProblems('bad-request', 'validation-failed', 'payload-too-large', 'unsupported-media-type')
  forgot(@Body() { email }: ForgotPasswordDto, @FromCaller() caller: Caller): void {
    this.forgotPassword.forgot(email, caller);
  }

  @Post('reset')
  @Public()
  @ThrottleAuth()
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'resetPassword',
    summary: 'Set a new password with the token from the mail',
    description:
      'Every session ends, and every access token is refused from now on: sign in with the new password. Here ' +
      '`invalid-token` speaks of the token in the body: do not refresh, ask for another mail. A ' +
      'password that is refused (422) leaves the token as it is.',
  })
  @ApiNoContentResponse({ description: 'Set.', headers: SETS_DEVICE_COOKIE })
  @ApiProblems(
    'bad-request',
    'invalid-token',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type',
  )
  async reset(
    @Body() body: ResetPasswordDto,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    this.devices.deliver(reply, await this.resetPassword.reset(body, caller));
  }
}
