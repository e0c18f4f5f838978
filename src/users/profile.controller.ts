import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AccessTokenClaims } from '../auth/decorators/access-token-claims.js';
import { CurrentUser } from '../auth/decorators/current-user.decorator.js';
import { ApiProblems } from '../http/openapi/api-problems.decorator.js';
import { UpdateProfileDto } from './dto/update-profile.dto.js';
import { UserDto } from './dto/user.dto.js';
import { UsersService } from './users.service.js';

/** The caller's own account. */
@ApiTags('Users')
@Controller('v1/users/me')
export class ProfileController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @ApiOperation({
    operationId: 'getProfile',
    summary: 'Read your own account',
    description: 'The account that the access token belongs to.',
  })
  @ApiOkResponse({ type: UserDto, description: 'Your account.' })
  async read(@CurrentUser() claims: AccessTokenClaims): Promise<UserDto> {
    return UserDto.from(await this.users.get(claims.sub));
  }

  @Patch()
  @ApiOperation({
    operationId: 'updateProfile',
    summary: 'Change your own profile',
    description: 'Changes the name to show. What is left out stays as it is.',
  })
  @ApiOkResponse({ type: UserDto, description: 'Your account as it is now.' })
  @ApiProblems('bad-request', 'validation-failed', 'payload-too-large', 'unsupported-media-type')
  async update(@CurrentUser() claims: AccessTokenClaims, @Body() body: UpdateProfileDto): Promise<UserDto> {
    return UserDto.from(await this.users.updateProfile(claims.sub, body));
  }
}
