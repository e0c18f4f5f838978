import { Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Caller, FromCaller } from '../../../http/caller.decorator.js';
import { ApiProblems } from '../../../http/openapi/api-problems.decorator.js';
import type { AccessTokenClaims } from '../../decorators/access-token-claims.js';
import { CurrentUser } from '../../decorators/current-user.decorator.js';
import { Fresh } from '../../decorators/fresh.decorator.js';
import { Roles } from '../../decorators/roles.decorator.js';
import { SigningKeyDto, SigningKeyListDto } from './dto/signing-key.dto.js';
import { KeyAdministrationService } from './key-administration.service.js';

/** The signing keys, for administrators. */
@ApiTags('Auth')
@Roles('admin')
@Controller('v1/keys')
export class KeysController {
  constructor(private readonly keys: KeyAdministrationService) {}

  @Get()
  @ApiOperation({
    operationId: 'listKeys',
    summary: 'List the signing keys',
    description: 'Every key that verifies tokens now; what is public of it.',
  })
  @ApiOkResponse({ type: SigningKeyListDto, description: 'The keys, the newest first.' })
  list(): SigningKeyListDto {
    return { items: this.keys.list().map((key) => SigningKeyDto.from(key)), nextCursor: null };
  }

  @Post('rotate')
  @Fresh(15)
  @ApiOperation({
    operationId: 'rotateKeys',
    summary: 'Rotate the signing keys',
    description:
      'Makes the next key. It is published at once and signs after `KEY_PUBLICATION_LEAD`; until then another ' +
      'rotation is a `conflict`, as it always is where the keys come from a setting. No token is refused for it.',
  })
  @ApiCreatedResponse({ type: SigningKeyDto, description: 'The next key.' })
  @ApiProblems('conflict')
  async rotate(
    @CurrentUser() claims: AccessTokenClaims,
    @FromCaller() caller: Caller,
  ): Promise<SigningKeyDto> {
    return SigningKeyDto.from(await this.keys.rotate({ caller, byUserId: claims.sub }));
  }
}
