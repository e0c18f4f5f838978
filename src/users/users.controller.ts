import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { AccessTokenClaims } from '../auth/decorators/access-token-claims.js';
import { CurrentUser } from '../auth/decorators/current-user.decorator.js';
import { Fresh } from '../auth/decorators/fresh.decorator.js';
import { Roles } from '../auth/decorators/roles.decorator.js';
import { type Caller, FromCaller } from '../http/caller.decorator.js';
import { ApiProblems } from '../http/openapi/api-problems.decorator.js';
import { UuidParamPipe } from '../http/uuid-param.pipe.js';
import { AccountAdministrationService } from './account-administration.service.js';
import { UpdateAccountDto } from './dto/update-account.dto.js';
import { UserListQueryDto } from './dto/user-list-query.dto.js';
import { UserDto, UserPageDto } from './dto/user.dto.js';
import { UsersService } from './users.service.js';

/** Everybody's account, for administrators. */
@ApiTags('Users')
@Roles('admin')
@Controller('v1/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly administration: AccountAdministrationService,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listUsers',
    summary: 'List accounts',
    description: 'Newest first, by pages. The filters narrow each other.',
  })
  @ApiOkResponse({ type: UserPageDto, description: 'A page of accounts.' })
  @ApiProblems('bad-request', 'validation-failed')
  async list(@Query() query: UserListQueryDto): Promise<UserPageDto> {
    const { items, nextCursor } = await this.users.list(query);
    return { items: items.map((user) => UserDto.from(user)), nextCursor };
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'getUser',
    summary: 'Read an account',
    description: 'Any account, by its id.',
  })
  @ApiParam({ name: 'id', format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  @ApiOkResponse({ type: UserDto, description: 'The account.' })
  @ApiProblems('not-found')
  async read(@Param('id', UuidParamPipe) id: string): Promise<UserDto> {
    return UserDto.from(await this.users.get(id));
  }

  @Patch(':id')
  @Fresh(15)
  @ApiOperation({
    operationId: 'updateUser',
    summary: 'Change roles or status',
    description: 'Takes hold on the live tokens of that account at once, on every process.',
  })
  @ApiParam({ name: 'id', format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  @ApiOkResponse({ type: UserDto, description: 'The account as it is now.' })
  @ApiProblems(
    'bad-request',
    'not-found',
    'conflict',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type',
  )
  async update(
    @CurrentUser() claims: AccessTokenClaims,
    @Param('id', UuidParamPipe) id: string,
    @Body() body: UpdateAccountDto,
    @FromCaller() caller: Caller,
  ): Promise<UserDto> {
    return UserDto.from(await this.administration.change(id, body, claims.sub, caller));
  }
}
