import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../../http/caller.decorator.js';
import { ApiProblems } from '../../http/openapi/api-problems.decorator.js';
import { UuidParamPipe } from '../../http/uuid-param.pipe.js';
import type { AccessTokenClaims } from '../decorators/access-token-claims.js';
import { CurrentUser } from '../decorators/current-user.decorator.js';
import { Fresh } from '../decorators/fresh.decorator.js';
import { Roles } from '../decorators/roles.decorator.js';
import { MfaService } from './mfa.service.js';

/** Somebody else's second factor, for administrators. */
@ApiTags('Users')
@Controller('v1/users/:id/mfa')
export class UserMfaController {
  constructor(private readonly mfa: MfaService) {}

  @Delete()
  @Roles('admin')
  @Fresh(15)
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeUserMfa',
    summary: "Take a user's second factor away",
    description: 'For who has lost the authenticator app and the recovery codes. The owner is told by mail.',
  })
  @ApiParam({ name: 'id', format: 'uuid', example: '019dd1a5-0c5c-7d0e-9f3a-2b6f0e7a8c11' })
  @ApiNoContentResponse({ description: 'There is none any more.' })
  @ApiProblems('not-found')
  async remove(
    @CurrentUser() { sub }: AccessTokenClaims,
    @Param('id', UuidParamPipe) id: string,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    await this.mfa.removeFrom(id, sub, caller);
  }
}
