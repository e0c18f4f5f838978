import { Body, Controller, Delete, HttpCode } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../http/caller.decorator.js';
import { ApiProblems } from '../http/openapi/api-problems.decorator.js';
import { CountedLater } from '../throttling/counted-later.decorator.js';
import { ThrottleAuth } from '../throttling/throttle-auth.decorator.js';
import type { AccessTokenClaims } from './decorators/access-token-claims.js';
import { CurrentUser } from './decorators/current-user.decorator.js';
import { Fresh } from './decorators/fresh.decorator.js';
import { DeleteAccountService } from './delete-account.service.js';
import { CurrentPasswordDto } from './passwords/dto/current-password.dto.js';

/** Leaving for good. */
@ApiTags('Users')
@Controller('v1/users/me')
export class DeleteAccountController {
  constructor(private readonly deletion: DeleteAccountService) {}

  @Delete()
  @ThrottleAuth()
  @CountedLater()
  @Fresh(5)
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteAccount',
    summary: 'Delete your own account',
    description: 'Erases the account, its sessions and its password. It cannot be undone.',
  })
  @ApiBody({ type: CurrentPasswordDto })
  @ApiNoContentResponse({ description: 'Erased.' })
  @ApiProblems(
    'bad-request',
    'invalid-credentials',
    'conflict',
    'validation-failed',
    'payload-too-large',
    'unsupported-media-type',
  )
  async delete(
    @CurrentUser() claims: AccessTokenClaims,
    @Body() { currentPassword }: CurrentPasswordDto,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    await this.deletion.delete(claims, currentPassword, caller);
  }
}
