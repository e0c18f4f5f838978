import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../../http/caller.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { CountedLater } from '../../throttling/counted-later.decorator.js';
import { ThrottleAuth } from '../../throttling/throttle-auth.decorator.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { CurrentUser } from '../decorators/current-user.decorator.js';
import { Fresh } from '../decorators/fresh.decorator.js';
import { Public } from '../decorators/public.decorator.js';
import { ChangeEmailService } from './change-email.service.js';
import { ChangeEmailDto } from './dto/change-email.dto.js';
import { ResendVerificationDto } from './dto/resend-verification.dto.js';
import { VerifyEmailDto } from './dto/verify-email.dto.js';
import { ResendVerificationService } from './resend-verification.service.js';
import { VerifyEmailService } from './verify-email.service.js';

/** Addresses: that they are their owners', and changing one's own. */
@ApiTags('Auth')
@Controller('v1/auth/email')
export class EmailController {
  constructor(
    private readonly verification: VerifyEmailService,
    private readonly resending: ResendVerificationService,
    private readonly changing: ChangeEmailService,
  ) {}

  @Post('verify')
  @Public()
  @ThrottleAuth()
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'verifyEmail',
    summary: 'Verify an address with the token from the mail',
    description:
      'Of an account, or the one that it is to be changed to; with `EMAIL_VERIFICATION=required` it makes the account that ' +
      'was registered. `invalid-token` speaks of the token in the body: do not refresh, ask for another mail.',
  })
  @ApiNoContentResponse({ description: 'Verified.' })
  @ApiProblems(
    'bad-request',
    'invalid-token',
    'conflict',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type',
  )
  async verify(@Body() { token }: VerifyEmailDto, @FromCaller() caller: Caller): Promise<void> {
    await this.verification.verify(token, caller);
  }

  @Post('resend')
  @Public()
  @ThrottleAuth()
  @HttpCode(202)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'resendVerification',
    summary: 'Ask for the mail that verifies an address again',
    description:
      'The link in it works once, for 24 hours, and takes the place of an older one. The answer is the same whether or not ' +
      'there is anything to verify. An address gets 5 such mails in 15 minutes; asking more often sends nothing.',
  })
  @ApiAcceptedResponse({ description: 'If there is anything to verify, the mail is on its way.' })
  @ApiProblems('bad-request', 'validation-failed', 'payload-too-large', 'unsupported-media-type')
  resend(@Body() { email }: ResendVerificationDto, @FromCaller() caller: Caller): void {
    this.resending.resend(email, caller);
  }

  @Post('change')
  @ThrottleAuth()
  @CountedLater()
  @Fresh(5)
  @HttpCode(202)
  @ApiOperation({
    operationId: 'changeEmail',
    summary: 'Change your address',
    description:
      'Mails a link to the new address; the account gets it when that is verified, and the old address is told. The link ' +
      'is good while this session lives. An address that has an account is answered in the same way, and gets a mail that ' +
      'says so.',
  })
  @ApiAcceptedResponse({ description: 'The mail to the new address is on its way.' })
  @ApiProblems('bad-request', 'validation-failed', 'payload-too-large', 'unsupported-media-type')
  async change(
    @CurrentUser() claims: AccessTokenClaims,
    @Body() { newEmail }: ChangeEmailDto,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    await this.changing.change(claims, newEmail, caller);
  }
}
