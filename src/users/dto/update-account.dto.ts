import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayUnique, IsArray, IsIn, ValidateIf } from 'class-validator';
import { ROLES, type Role } from '../role.js';
import { USER_STATUSES, type UserStatus } from '../user.entity.js';

/** What an administrator may change about an account; live tokens follow at once. */
export class UpdateAccountDto {
  /** Every account is a `customer` too, named or not. */
  @ApiPropertyOptional({ enum: ROLES, isArray: true, example: ['customer', 'editor'] })
  @ValidateIf(({ roles }: UpdateAccountDto) => roles !== undefined)
  @IsArray()
  @IsIn(ROLES, { each: true })
  @ArrayUnique()
  roles?: Role[];

  /** A disabled account is signed out everywhere and cannot sign in. */
  @ApiPropertyOptional({ enum: USER_STATUSES, example: 'disabled' })
  @ValidateIf(({ status }: UpdateAccountDto) => status !== undefined)
  @IsIn(USER_STATUSES)
  status?: UserStatus;
}
