import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength, ValidateIf } from 'class-validator';
import { DELIVERIES, type Delivery } from '../sessions/session.entity.js';

/** Who signs in, and how the refresh token is to travel. */
export class LoginDto {
  @ApiProperty({ format: 'email', example: 'admin@latchkey.example' })
  @IsString()
  @MaxLength(254)
  email: string;

  @ApiProperty({ format: 'password', example: 'correct horse battery staple' })
  @IsString()
  @MaxLength(1024)
  password: string;

  /** Where the account has a second factor: what the authenticator app shows, or a recovery code. */
  @ApiPropertyOptional({ example: '287082' })
  @ValidateIf(({ code }: LoginDto) => code !== undefined)
  @IsString()
  @MaxLength(64)
  code?: string;

  /** `cookie` (browsers): an HttpOnly cookie holds the refresh token. `body` (native apps): the answer does. */
  @ApiPropertyOptional({ enum: DELIVERIES, default: 'cookie', example: 'cookie' })
  @ValidateIf(({ delivery }: LoginDto) => delivery !== undefined)
  @IsIn(DELIVERIES)
  delivery: Delivery = 'cookie';
}
