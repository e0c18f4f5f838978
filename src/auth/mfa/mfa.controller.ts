import { Body, Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, FromCaller } from '../../http/caller.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { ThrottleAuth } from '../../throttling/throttle-auth.decorator.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { CurrentUser } from '../decorators/current-user.decorator.js';
import { Fresh } from '../decorators/fresh.decorator.js';
import { DeviceCookie, SETS_DEVICE_COOKIE } from '../devices/device-cookie.js';
import { ConfirmTotpDto } from './dto/confirm-totp.dto.js';
import { MfaDto, RecoveryCodesDto, TotpSecretDto } from './dto/mfa.dto.js';
import { MfaService } from './mfa.service.js';

/** The caller's own second factor: an authenticator app (TOTP, RFC 6238). */
@ApiTags('Auth')
@Controller('v1/auth/mfa')
export class MfaController {
  constructor(
    private readonly mfa: MfaService,
    private readonly devices: DeviceCookie,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getMfa',
    summary: 'See whether you have a second factor',
    description: 'And how many recovery codes are left.',
  })
  @ApiOkResponse({ type: MfaDto, description: 'What there is.' })
  async read(@CurrentUser() { sub }: AccessTokenClaims): Promise<MfaDto> {
    return this.mfa.stateOf(sub);
  }

  @Post('totp')
  @ThrottleAuth()
  @Fresh(5)
  @ApiOperation({
    operationId: 'beginTotp',
    summary: 'Begin to set up an authenticator app',
    description:
      'Show `uri` as a QR code, and `secret` for typing. Nothing changes before it is confirmed; beginning anew gives ' +
      'another secret.',
  })
  @ApiCreatedResponse({ type: TotpSecretDto, description: 'What the app is set up with.' })
  @ApiProblems('conflict')
  async begin(
    @CurrentUser() claims: AccessTokenClaims,
    @FromCaller() caller: Caller,
  ): Promise<TotpSecretDto> {
    return this.mfa.begin(claims, caller);
  }

  @Post('totp/confirm')
  @ThrottleAuth()
  @Fresh(5)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmTotp',
    summary: 'Confirm the authenticator app with a code',
    description:
      'From now on signing in and proving the password again need a `code`. Every other session ends. The recovery codes ' +
      'are shown this once.',
  })
  @ApiOkResponse({ type: RecoveryCodesDto, description: 'It is set up.', headers: SETS_DEVICE_COOKIE })
  @ApiProblems('bad-request', 'conflict', 'validation-failed', 'payload-too-large', 'unsupported-media-type')
  async confirm(
    @CurrentUser() claims: AccessTokenClaims,
    @Body() { code }: ConfirmTotpDto,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecoveryCodesDto> {
    const { recoveryCodes, session, account } = await this.mfa.confirm(claims, code, caller);
    this.devices.deliverIn(session, reply, account);
    return { recoveryCodes };
  }

  @Post('recovery-codes')
  @ThrottleAuth()
  @Fresh(5)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'renewRecoveryCodes',
    summary: 'Make new recovery codes',
    description: 'In place of the old ones. They are shown this once.',
  })
  @ApiOkResponse({ type: RecoveryCodesDto, description: 'The new codes.' })
  @ApiProblems('conflict')
  async renew(
    @CurrentUser() claims: AccessTokenClaims,
    @FromCaller() caller: Caller,
  ): Promise<RecoveryCodesDto> {
    return { recoveryCodes: await this.mfa.renewRecoveryCodes(claims, caller) };
  }

  @Delete()
  @ThrottleAuth()
  @Fresh(5)
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeMfa',
    summary: 'Take your second factor away',
    description: 'And the recovery codes with it. Without one this changes nothing.',
  })
  @ApiNoContentResponse({ description: 'There is none any more.' })
  async remove(@CurrentUser() claims: AccessTokenClaims, @FromCaller() caller: Caller): Promise<void> {
    await this.mfa.removeOwn(claims, caller);
  }
}
