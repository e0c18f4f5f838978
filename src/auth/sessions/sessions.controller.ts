import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../../http/caller.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { UuidParamPipe } from '../../http/uuid-param.pipe.js';
import { NotCountedByPrincipal } from '../../throttling/not-counted-by-principal.decorator.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { CurrentUser } from '../decorators/current-user.decorator.js';
import { EndSessionsQueryDto, SessionDto, SessionListDto } from './dto/session.dto.js';
import { SessionsService } from './sessions.service.js';
import { SignOutService } from './sign-out.service.js';

/** The caller's own sessions (ASVS 7.5.2). */
@ApiTags('Auth')
@Controller('v1/auth/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly signOut: SignOutService,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listSessions',
    summary: 'List your sessions',
    description:
      'Where you are signed in, by pages, the session used last first. One that is used while you go through the pages moves ' +
      'to the first: with `limit=100` there is one page, unless an account may have more sessions.',
  })
  @ApiOkResponse({ type: SessionListDto, description: 'A page of your living sessions.' })
  @ApiProblems('bad-request', 'validation-failed')
  async list(
    @CurrentUser() claims: AccessTokenClaims,
    @Query() query: PageQueryDto,
  ): Promise<SessionListDto> {
    const { items, nextCursor } = await this.sessions.list(claims.sub, query);
    return { items: items.map((session) => SessionDto.from(session, claims.sid)), nextCursor };
  }

  @Delete(':id')
  @NotCountedByPrincipal()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'endSession',
    summary: 'End one of your sessions',
    description: 'Its access and refresh tokens are refused from now on.',
  })
  @ApiParam({ name: 'id', format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  @ApiNoContentResponse({ description: 'Ended.' })
  @ApiProblems('not-found')
  async end(
    @CurrentUser() claims: AccessTokenClaims,
    @Param('id', UuidParamPipe) id: string,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    await this.signOut.fromSession(claims.sub, id, caller);
  }

  @Delete()
  @NotCountedByPrincipal()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'endSessions',
    summary: 'Sign out everywhere',
    description: 'Ends all your sessions; `keepCurrent=true` keeps this one.',
  })
  @ApiNoContentResponse({ description: 'Signed out.' })
  @ApiProblems('validation-failed')
  async endAll(
    @CurrentUser() claims: AccessTokenClaims,
    @Query() { keepCurrent }: EndSessionsQueryDto,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    await (keepCurrent === 'true'
      ? this.signOut.elsewhere(claims.sub, claims.sid, caller)
      : this.signOut.everywhere(claims.sub, claims.sub, caller));
  }
}
