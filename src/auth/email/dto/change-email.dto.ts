import { ApiProperty } from '@nestjs/swagger';
import { IsEmailAddress } from '../../../users/email-address.decorator.js';

/** The address that the account is to get. */
export class ChangeEmailDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@newshop.example' })
  @IsEmailAddress()
  newEmail: string;
}
