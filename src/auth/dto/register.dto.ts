import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, ValidateIf } from 'class-validator';
import { IsDisplayName } from '../../users/display-name.decorator.js';
import { IsEmailAddress } from '../../users/email-address.decorator.js';

/** A new account. */
export class RegisterDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@shop.example' })
  @IsEmailAddress()
  email: string;

  /** 8 to 128 characters of any kind; common passwords and your own name or address are refused. */
  @ApiProperty({ format: 'password', example: 'correct horse battery staple' })
  @IsString()
  password: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 100, example: 'Ada' })
  @ValidateIf(({ displayName }: RegisterDto) => displayName !== undefined && displayName !== null)
  @IsDisplayName()
  displayName?: string | null;
}
