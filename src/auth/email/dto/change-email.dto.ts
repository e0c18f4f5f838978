import { ApiProperty } from '@nestjs/swagger';
import { IsEmail } from 'class-validator';

/** The address that the account is to get. */
export class ChangeEmailDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@newshop.example' })
  @IsEmail()
  newEmail: string;
}
