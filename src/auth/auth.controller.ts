import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, FromCaller } from '../http/caller.decorator.js';
import { ApiProblems } from '../http/openapi/api-problems.decorator.js';
import { CountedLater } from '../throttling/counted-later.decorator.js';
import { NotCountedByPrincipal } from '../throttling/not-counted-by-principal.decorator.js';
import { RefreshFailureLimiter } from '../throttling/refresh-failure-limiter.js';
import { ThrottleAuth } from '../throttling/throttle-auth.decorator.js';
import { UserDto } from '../users/dto/user.dto.js';
import { AuthService } from './auth.service.js';
import { DeviceCookie } from './devices/device-cookie.js';
import { ProofCheck } from './dpop/proof-check.js';
import { CookieDelivery } from './sessions/cookie-delivery.js';
import type { AccessTokenClaims } from './decorators/access-token-claims.js';
import { CurrentUser } from './decorators/current-user.decorator.js';
import { Public } from './decorators/public.decorator.js';
import { LoginDto } from './dto/login.dto.js';
import { RefreshDto } from './dto/refresh.dto.js';
import { RegisterDto } from './dto/register.dto.js';
import { TokensDto } from './dto/tokens.dto.js';
import { HashesPassword } from './passwords/hashes-password.decorator.js';
import { RegistrationService } from './registration.service.js';
import { unauthenticated } from './strategies/bearer-token.js';

const SET_COOKIE = {
  'Set-Cookie': {
    description:
      'With `"delivery": "cookie"`: the refresh token, out of reach of scripts. Signing in also sets ' +
      '`latchkey-device`, by which the browser is known when it signs in again.',
    schema: { type: 'string' as const, example: 'latchkey-refresh=…; Path=/; HttpOnly; SameSite=Strict' },
  },
};

const DPOP_HEADER = {
  name: 'DPoP',
  required: false,
  description: 'A proof that the client holds a key (RFC 9449 4).',
  // Swagger UI sends what stands here.
  schema: { type: 'string' as const, example: '' },
};

/** Making an account and getting, renewing and giving back its tokens. */
@ApiTags('Auth')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly registration: RegistrationService,
    private readonly cookies: CookieDelivery,
    private readonly devices: DeviceCookie,
    private readonly proofs: ProofCheck,
    private readonly failures: RefreshFailureLimiter,
  ) {}

  @Post('register')
  @Public()
  @ThrottleAuth()
  @CountedLater()
  @HashesPassword()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'register',
    summary: 'Make an account',
    description:
      'A new account is a `customer`, and gets a mail to verify its address with. Sign in afterwards. Where addresses have ' +
      'to be verified first (`EMAIL_VERIFICATION=required`), the answer is 202 whether or not there is an account.',
  })
  @ApiCreatedResponse({ type: UserDto, description: 'The account.' })
  @ApiAcceptedResponse({
    description: 'The account is made once its address is verified: a mail is on its way.',
  })
  @ApiProblems('bad-request', 'conflict', 'validation-failed', 'payload-too-large', 'unsupported-media-type')
  async register(
    @Body() { email, password, displayName }: RegisterDto,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserDto | undefined> {
    const user = await this.registration.register({ email, password, displayName }, caller);
    reply.status(user ? 201 : 202);
    return user ? UserDto.from(user) : undefined;
  }

  @Post('login')
  @Public()
  @ThrottleAuth()
  @CountedLater()
  @HashesPassword()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'login',
    summary: 'Sign in',
    description:
      'Opens a session. In Swagger UI: copy `accessToken` into *Authorize*; the cookie is kept by the browser. With a ' +
      'DPoP proof, the tokens of the session are bound to its key. `mfa-required`: send the same again with a `code`, and ' +
      'with a new proof if you sent one.',
  })
  @ApiHeader(DPOP_HEADER)
  @ApiOkResponse({ type: TokensDto, description: 'The tokens of the new session.', headers: SET_COOKIE })
  @ApiProblems(
    'bad-request',
    'invalid-credentials',
    'mfa-required',
    'invalid-dpop-proof',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type',
  )
  async login(
    @Body() body: LoginDto,
    @Req() request: FastifyRequest,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensDto> {
    const jkt = await this.proofs.keyOf(request);
    const deviceId = await this.devices.read(request, body.email);
    const signedIn = await this.auth.signIn({ ...body, jkt, deviceId }, caller);
    this.cookies.deliver(reply, signedIn);
    const { session, passwordSetAt: setAt } = signedIn;
    this.devices.deliverIn(session, reply, { email: body.email, userId: session.userId, setAt }, deviceId);
    return TokensDto.from(signedIn);
  }

  @Post('refresh')
  @Public()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'refresh',
    summary: 'Renew the tokens',
    description:
      'Takes the refresh token from the cookie, or from the body. It is rotated: for 10 s the same answer is given ' +
      'again, after that using it once more ends the session. A session that is bound to a key needs a proof of it.',
  })
  @ApiHeader(DPOP_HEADER)
  @ApiBody({ type: RefreshDto, required: false })
  @ApiOkResponse({ type: TokensDto, description: 'New tokens of the same session.', headers: SET_COOKIE })
  @ApiProblems(
    'bad-request',
    'unauthenticated',
    'invalid-token',
    'refresh-token-reused',
    'invalid-dpop-proof',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type',
  )
  async refresh(
    @Body() body: RefreshDto,
    @Req() request: FastifyRequest,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensDto> {
    const refreshToken = body.refreshToken ?? this.cookies.read(request);
    if (refreshToken === undefined) {
      throw unauthenticated();
    }
    const jkt = await this.proofs.keyOf(request);
    const signedIn = await this.failures.countIn(request, this.auth.refresh(refreshToken, caller, jkt));
    this.cookies.deliver(reply, signedIn);
    return TokensDto.from(signedIn);
  }

  @Post('logout')
  @NotCountedByPrincipal()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'logout',
    summary: 'Sign out',
    description:
      'Ends this session: from the answer on, its access and refresh tokens are refused on every process.',
  })
  @ApiNoContentResponse({ description: 'Signed out.' })
  async logout(
    @CurrentUser() claims: AccessTokenClaims,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.auth.signOut(claims.sub, claims.sid, caller);
    this.cookies.clear(reply);
  }
}
