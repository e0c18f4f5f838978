import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../../http/caller.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { UuidParamPipe } from '../../http/uuid-param.pipe.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { CurrentUser } from '../decorators/current-user.decorator.js';
import { Fresh } from '../decorators/fresh.decorator.js';
import { Roles } from '../decorators/roles.decorator.js';
import { SignOutService } from './sign-out.service.js';

/** Signing somebody else out, for administrators. */
@ApiTags('Users')
@Controller('v1/users/:id/sign-out')
export class UserSignOutController {
  constructor(private readonly signOut: SignOutService) {}

  @Post()
  @Roles('admin')
  @Fresh(15)
  @HttpCode(204)
  @ApiOperation({
    operationId: 'signUserOut',
    summary: 'Sign a user out everywhere',
    description: 'Ends every session of that account at once.',
  })
  @ApiParam({ name: 'id', format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  @ApiNoContentResponse({ description: 'Signed out.' })
  @ApiProblems('not-found')
  async everywhere(
    @CurrentUser() claims: AccessTokenClaims,
    @Param('id', UuidParamPipe) id: string,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    await this.signOut.everywhere(id, claims.sub, caller);
  }
}
