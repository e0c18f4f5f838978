import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { ROLES, type Role } from '../role.js';
import { USER_STATUSES, type UserStatus } from '../user.entity.js';

/** Which accounts to list. */
export class UserListQueryDto extends PageQueryDto {
  /** Part of the address, in any case. */
  @ApiPropertyOptional({ example: '' })
  @IsOptional()
  @IsString()
  @MaxLength(254)
  email?: string;

  @ApiPropertyOptional({ enum: ROLES, example: 'editor' })
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  @ApiPropertyOptional({ enum: USER_STATUSES, example: 'active' })
  @IsOptional()
  @IsIn(USER_STATUSES)
  status?: UserStatus;
}
